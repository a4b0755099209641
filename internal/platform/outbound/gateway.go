package outbound

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	channelSMS = "sms"
	// maxGatewayBody bounds an answer or report in bytes; a real one has a few hundred.
	maxGatewayBody = 64 << 10
	// A few kept connections serve the burst of codes in the morning.
	idleConnections = 8
	idleTimeout     = 90 * time.Second
	// minKey is the least length of a shared key in bytes.
	minKey = 16
)

// GatewayConfig tells how to reach an SMS gateway.
type GatewayConfig struct {
	URL        string     // where messages are posted: https, or http on the own machine
	Credential Credential // shared with the gateway
	Sender     string     // the bank's signature (短信签名) or sender id
	Timeout    time.Duration
	Now        func() time.Time
}

// Gateway is SMS by an HTTP gateway: a signed JSON POST per message, with the delivery's id as idempotency key.
type Gateway struct {
	config GatewayConfig
	client *http.Client
}

// shortRequest and shortAnswer are the messages between bank and gateway.
type shortRequest struct {
	ID     string `json:"id"`
	To     string `json:"to"`
	Text   string `json:"text"`
	Sender string `json:"sender"`
}

type shortAnswer struct {
	Reference string `json:"reference,omitempty"`
	Code      string `json:"code,omitempty"`
}

// NewGateway checks the settings; it does not connect.
func NewGateway(config GatewayConfig) (*Gateway, error) {
	target, err := url.Parse(config.URL)
	if err != nil || target.Host == "" || target.User != nil {
		return nil, errors.New("sms gateway: want a URL without user and password")
	}
	if target.Scheme != "https" && (target.Scheme != "http" || !local(target.Hostname())) {
		return nil, fmt.Errorf("sms gateway %s: want https; http is allowed to this machine only", target.Host)
	}
	if config.Credential.ID == "" || len(config.Credential.Key) < minKey {
		return nil, fmt.Errorf("sms gateway %s: want a key id and a key of at least %d bytes", target.Host, minKey)
	}
	if config.Now == nil {
		return nil, errors.New("sms gateway: want a clock")
	}
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    idleConnections,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxGatewayBody,
	}
	client := &http.Client{
		Transport: transport,
		Timeout:   cmp.Or(config.Timeout, defaultTimeout),
		// A signed message follows no redirection to somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Gateway{config: config, client: client}, nil
}

// Close gives up the kept connections.
func (g *Gateway) Close() { g.client.CloseIdleConnections() }

// Send hands the message to the gateway. Sent again with the same id, the gateway answers the first reference; so the
// HTTP client may itself repeat a request whose kept connection broke.
func (g *Gateway) Send(ctx context.Context, m Short) (reference string, err error) {
	body, err := json.Marshal(shortRequest{ID: m.ID, To: m.To, Text: m.Text, Sender: g.config.Sender})
	if err != nil {
		return "", fmt.Errorf("write sms: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.config.URL, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("write sms: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", m.ID)
	g.config.Credential.sign(request, body, g.config.Now())
	response, err := g.client.Do(request)
	if err != nil {
		return "", unreachable(channelSMS)
	}
	defer func() { _ = response.Body.Close() }()
	return g.read(response)
}

// read judges an answer.
func (g *Gateway) read(response *http.Response) (reference string, err error) {
	text, err := io.ReadAll(io.LimitReader(response.Body, maxGatewayBody+1))
	if err != nil {
		return "", unreachable(channelSMS)
	}
	var answer shortAnswer
	unreadable := len(text) > maxGatewayBody || json.Unmarshal(text, &answer) != nil
	if response.StatusCode/100 != 2 {
		return "", &Error{
			Channel:    channelSMS,
			Code:       cmp.Or(safeCode(answer.Code), "http_"+strconv.Itoa(response.StatusCode)),
			Temporary:  temporaryStatus(response.StatusCode),
			RetryAfter: retryAfter(response.Header.Get("Retry-After"), g.config.Now()),
		}
	}
	if unreadable || answer.Reference == "" {
		// The message may be on its way; the same id makes another attempt harmless.
		return "", &Error{Channel: channelSMS, Code: "bad_answer", Temporary: true}
	}
	return answer.Reference, nil
}

// temporaryStatus tells whether a status is about the gateway's state, or about its settings, and not the message.
func temporaryStatus(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestTimeout,
		http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500 || status < 400
}

// safeCode keeps a gateway's code when it looks like one: an answer must not bring a phone number into our logs.
func safeCode(code string) string {
	const longest = 40
	if len(code) > longest {
		return ""
	}
	for _, r := range code {
		if (r < 'a' || r > 'z') && r != '_' {
			return ""
		}
	}
	return code
}

// retryAfter reads the header's seconds or date; 0 when it says nothing, an hour at most.
func retryAfter(header string, now time.Time) time.Duration {
	const longest = time.Hour
	if seconds, err := strconv.Atoi(header); err == nil {
		return min(max(time.Duration(min(seconds, int(longest/time.Second)))*time.Second, 0), longest)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), longest)
	}
	return 0
}
