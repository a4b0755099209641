package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/api/mobile"
	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// server serves the bank's real handlers on loopback.
type server struct {
	w        *world
	address  string
	listener net.Listener
	http     *http.Server
	open     int // connections that callers hold
}

const patience = 30 * time.Second // with one answer

func (w *world) serve(ctx context.Context) (*server, error) {
	handlers, err := app.Handle(ctx, w.bank)
	if err != nil {
		return nil, err
	}
	s := &server{w: w, http: &http.Server{Handler: handlers.Mobile, ReadHeaderTimeout: patience}}
	var config net.ListenConfig
	if s.listener, err = config.Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	s.address = s.listener.Addr().String()
	go func() { _ = s.http.Serve(s.listener) }() // ends when it is closed
	return s, nil
}

// dial opens a connection that a caller keeps. It speaks HTTP/1.1 itself: the load runs on the machine that it loads,
// and should take as little of it as it can.
func (s *server) dial() (*connection, error) {
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, err
	}
	s.open++
	return &connection{server: s, conn: c, reader: bufio.NewReader(c)}, nil
}

// connection is one caller over HTTP.
type connection struct {
	server *server
	conn   net.Conn
	reader *bufio.Reader
	out    bytes.Buffer
}

func (c *connection) close() {
	_ = c.conn.Close() // nothing is under way
	if c.server.open--; c.server.open == 0 {
		_ = c.server.http.Close() // a bench's
	}
}

// wire types of the mobile API, as an app would write them.
type (
	moneyOut struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	}
	draftOut struct {
		FromAccountID string            `json:"fromAccountId"`
		Payee         map[string]string `json:"payee"`
		Amount        moneyOut          `json:"amount"`
		Arrival       string            `json:"arrival"`
	}
	proofOut struct {
		Method string `json:"method"`
		PIN    string `json:"pin"`
	}
	orderOut struct {
		Intent string   `json:"intent"`
		Proof  proofOut `json:"proof"`
	}
)

func (c *connection) pay(_ context.Context, p *pair) error {
	if p.payees != nil {
		return c.payBulk(p)
	}
	order := orderOut{Intent: p.intent, Proof: proofOut{Method: "pin", PIN: secretPIN.Reveal()}}
	answer, err := c.post("/transfers", p.from.token, order)
	if err == nil && !bytes.Contains(answer, []byte(`"state":"settled"`)) {
		return errNotSettled
	}
	return err
}

func (c *connection) checkAndPay(ctx context.Context, p *pair) error {
	if p.payees != nil {
		if err := c.checkBulk(p); err != nil {
			return err
		}
		return c.payBulk(p)
	}
	answer, err := c.post("/transfers/check", p.from.token, draftOut{
		FromAccountID: string(p.from.account), Payee: map[string]string{"accountNumber": p.to.number},
		Amount: moneyOut{p.amount.String(), p.amount.Currency().Code()}, Arrival: "real_time",
	})
	if err != nil {
		return err
	}
	var checked struct{ Intent string }
	if err := json.Unmarshal(answer, &checked); err != nil {
		return err
	}
	p.intent = checked.Intent
	return c.pay(ctx, p)
}

func (c *connection) post(path string, token crypto.Secret, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	c.head(http.MethodPost, path, token)
	fmt.Fprintf(&c.out, "Content-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n", id.Raw(c.server.w.bank.Clock.Now()), len(text))
	c.out.Write(text)
	return c.exchange()
}

func (c *connection) get(path string, token crypto.Secret) ([]byte, error) {
	c.head(http.MethodGet, path, token)
	c.out.WriteString("\r\n")
	return c.exchange()
}

func (c *connection) head(method, path string, token crypto.Secret) {
	c.out.Reset()
	c.out.WriteString(method + " " + mobile.Prefix + path + " HTTP/1.1\r\nHost: localhost\r\nX-Tongbao-Client: mobile/1.0.0\r\nX-Tongbao-Token: bearer\r\nAuthorization: Bearer " +
		token.Reveal() + "\r\nAccept-Language: zh-Hans\r\n")
}

// exchange sends a request and reads the answer to its end. A refusal of the bank is a fault of its code.
func (c *connection) exchange() ([]byte, error) {
	if err := c.conn.SetDeadline(c.server.w.bank.Clock.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return nil, err
	}
	body := bytes.NewBuffer(make([]byte, 0, max(int(response.ContentLength), 0)))
	if _, err := body.ReadFrom(response.Body); err != nil {
		return nil, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	if response.StatusCode < http.StatusMultipleChoices {
		return body.Bytes(), nil
	}
	var problem struct{ Code string }
	_ = json.Unmarshal(body.Bytes(), &problem) // whatever else came is told as it is
	if problem.Code == "" || response.StatusCode >= http.StatusInternalServerError && response.StatusCode != http.StatusServiceUnavailable {
		return nil, fmt.Errorf("status %s: %s", strconv.Itoa(response.StatusCode), strings.TrimSpace(body.String()))
	}
	return nil, fault.New(fault.Rejected, problem.Code)
}
