package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	fetchTimeout = 10 * time.Second
	fetchMost    = 8 << 20 // bytes of an answer
)

// Fetcher reads one public document by HTTP, again and again: a list of rates. It sends nothing but the request.
type Fetcher struct {
	address *url.URL
	client  *http.Client
}

// NewFetcher checks the address; it does not connect. It wants https, or http to this machine.
func NewFetcher(address string) (*Fetcher, error) {
	target, err := url.Parse(address)
	if err != nil || target.Host == "" || target.User != nil {
		return nil, errors.New("fetch: want a URL without user and password")
	}
	if target.Scheme != "https" && (target.Scheme != "http" || !local(target.Hostname())) {
		return nil, fmt.Errorf("fetch from %s: want https; http is allowed to this machine only", target.Host)
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: idleTimeout, MaxResponseHeaderBytes: maxGatewayBody}
	return &Fetcher{address: target, client: &http.Client{
		Transport: transport, Timeout: fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // to nobody who was not named
	}}, nil
}

// Host is whom it asks.
func (f *Fetcher) Host() string { return f.address.Host }

// Fetch reads the document, at most 8 MiB of it.
func (f *Fetcher) Fetch(ctx context.Context) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("fetch from %s: %w", f.address.Host, err)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch: %s does not answer", f.address.Host) // the error would name the whole address
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch: %s answers %d", f.address.Host, response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, fetchMost+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("fetch from %s: the answer broke off", f.address.Host)
	case len(text) > fetchMost:
		return nil, fmt.Errorf("fetch from %s: the answer is longer than %d bytes", f.address.Host, fetchMost)
	}
	return text, nil
}
