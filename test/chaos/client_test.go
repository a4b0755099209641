//go:build unix

package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

const (
	answerPatience = 4 * time.Second // of an app with one request
	pressAgain     = 40 * time.Millisecond
	settlePatience = 60 * time.Second // until a repeated key must have been answered
	hands          = 2                // with which each person pays at the same time
)

// attempt is one payment that somebody asked for, and what the bank said in the end.
type attempt struct {
	from, to *person
	minor    int64
	key      string
	transfer string // of an acknowledged one
	state    string
	refusal  string        // code of a refused one
	tries    int           // requests until there was a result
	began    time.Duration // since the traffic began
	ended    time.Duration
}

func (a *attempt) acknowledged() bool { return a.transfer != "" }

// glance is a balance that somebody saw.
type glance struct {
	of           *person
	minor        int64
	began, ended time.Duration
}

// traffic is people who pay until they are told to stop.
type traffic struct {
	t     *testing.T
	bank  *bank
	http  *http.Client
	start time.Time
	stop  chan struct{}
	hands sync.WaitGroup
	acked atomic.Int64
	asked atomic.Int64
	// suffers says that the bank may fail for reasons of its own (500): like silence, it is no result.
	suffers atomic.Bool
	over    atomic.Bool // nobody will ever answer

	mu       sync.Mutex
	attempts []*attempt
	glances  []glance
}

// begin lets everybody pay. Each hand has chance of its own, drawn from the bank's seed.
func begin(t *testing.T, b *bank) *traffic {
	t.Helper()
	tr := &traffic{
		t: t, bank: b, start: watch(), stop: make(chan struct{}),
		http: &http.Client{Timeout: answerPatience, Transport: &http.Transport{MaxIdleConnsPerHost: people * (hands + 1)}},
	}
	for _, p := range b.people {
		for range hands {
			chance := rand.New(rand.NewPCG(b.chance.Uint64(), 1)) //nolint:gosec // repeatable, not secret
			tr.hands.Go(func() { tr.pay(p, chance) })
		}
		if p.inCircle {
			tr.hands.Go(func() { tr.look(p) })
		}
	}
	return tr
}

// finish tells everybody to stop once what they began is settled.
func (tr *traffic) finish() {
	close(tr.stop)
	tr.hands.Wait()
	tr.http.CloseIdleConnections()
}

// abandon tells everybody to give up: what has no answer by now never gets one, and is neither acknowledged nor refused.
func (tr *traffic) abandon() {
	tr.over.Store(true)
	tr.finish()
}

// until waits for so many more acknowledged payments: the bank is alive.
func (tr *traffic) until(more int64) {
	tr.t.Helper()
	goal, deadline := tr.acked.Load()+more, watch().Add(settlePatience)
	for tr.acked.Load() < goal {
		if watch().After(deadline) {
			tr.t.Fatalf("of %d payments only %d were acknowledged in %s", more, more-goal+tr.acked.Load(), settlePatience)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (tr *traffic) stopped() bool {
	select {
	case <-tr.stop:
		return true
	default:
		return false
	}
}

func (tr *traffic) since() time.Duration { return watch().Sub(tr.start) }

// pay checks and sends, again and again.
func (tr *traffic) pay(p *person, chance *rand.Rand) {
	for !tr.stopped() {
		a := &attempt{from: p, to: tr.bank.partner(chance, p), minor: 1 + chance.Int64N(400), key: crypto.Token(128)}
		intent, err := tr.check(p, a)
		if err != nil {
			time.Sleep(pressAgain) // too little money, or nobody there: nothing was asked for yet
			continue
		}
		a.began = tr.since()
		ok := tr.send(p, a, intent)
		a.ended = tr.since()
		tr.mu.Lock()
		tr.attempts = append(tr.attempts, a)
		tr.mu.Unlock()
		if !ok {
			return
		}
	}
}

// node is where a request goes: round and round, as a load balancer does.
func (tr *traffic) node() *node {
	return tr.bank.nodes[int(tr.asked.Add(1))%len(tr.bank.nodes)]
}

func (tr *traffic) check(p *person, a *attempt) (string, error) {
	status, body, err := tr.ask(p, tr.node(), http.MethodPost, "/transfers/check", "", map[string]any{
		"fromAccountId": p.account, "payee": map[string]any{"accountNumber": a.to.number},
		"amount": map[string]any{"amount": yuan(a.minor), "currency": "CNY"}, "arrival": "real_time",
	})
	if err != nil {
		return "", err
	}
	if status != http.StatusOK {
		broken := status == http.StatusInternalServerError && !tr.suffers.Load()
		if status == http.StatusUnauthorized || status == http.StatusBadRequest || broken {
			tr.t.Errorf("check: %d %s", status, body.Code)
		}
		return "", errors.New(body.Code)
	}
	return body.Intent, nil
}

// passing are codes that are no result: the app presses again with the same key.
var passing = []string{"once.running", "payment.try_again"}

// send asks until the bank has said what became of the payment: it repeats the key, at any node.
func (tr *traffic) send(p *person, a *attempt, intent string) bool {
	order := apptest.Order(intent, apptest.PIN)
	deadline := watch().Add(settlePatience)
	for watch().Before(deadline) {
		if tr.over.Load() {
			return false
		}
		a.tries++
		status, body, err := tr.ask(p, tr.node(), http.MethodPost, "/transfers", a.key, order)
		switch {
		case err != nil: // nobody knows: the same key again
		case status == http.StatusCreated:
			a.transfer, a.state = body.ID, body.State
			tr.acked.Add(1)
			return true
		case status == http.StatusInternalServerError && tr.suffers.Load():
		case status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests || slices.Contains(passing, body.Code):
		case status == http.StatusUnprocessableEntity:
			a.refusal = body.Code
			return true
		default:
			tr.t.Errorf("a payment was answered %d %s after %d requests", status, body.Code, a.tries)
			return false
		}
		time.Sleep(pressAgain)
	}
	tr.t.Errorf("a payment was not settled within %s", settlePatience)
	return false
}

// look reads the balance of somebody in the circle now and then.
func (tr *traffic) look(p *person) {
	for !tr.stopped() {
		g := glance{of: p, began: tr.since()}
		status, body, err := tr.ask(p, tr.node(), http.MethodGet, "/accounts/"+string(p.account), "", nil)
		g.ended = tr.since()
		if err == nil && status == http.StatusOK {
			var whole, part int64
			if n, bad := fmt.Sscanf(body.Booked.Amount, "%d.%02d", &whole, &part); n != 2 || bad != nil {
				tr.t.Errorf("a balance reads %q", body.Booked.Amount)
				return
			}
			g.minor = whole*100 + part
			tr.mu.Lock()
			tr.glances = append(tr.glances, g)
			tr.mu.Unlock()
		}
		time.Sleep(pressAgain)
	}
}

// reply is what the test reads of any answer.
type reply struct {
	Code   string `json:"code"`
	Intent string `json:"intent"`
	ID     string `json:"id"`
	State  string `json:"state"`
	Booked struct {
		Amount string `json:"amount"`
	} `json:"booked"`
}

func (tr *traffic) ask(p *person, n *node, method, path, key string, body any) (int, reply, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, reply{}, err
		}
		content = bytes.NewReader(text)
	}
	// Not the test's context: what was asked for is settled also when the test has failed.
	r, err := http.NewRequestWithContext(context.Background(), method, n.url()+"/api/mobile/v1"+path, content)
	if err != nil {
		return 0, reply{}, err
	}
	for name, value := range map[string]string{
		"X-Tongbao-Client": "mobile/1.0.0", "X-Tongbao-Token": "bearer", "Authorization": "Bearer " + p.token,
		"X-Tongbao-Device": p.device, "Accept-Language": "en", "Content-Type": "application/json", "Idempotency-Key": key,
	} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	response, err := tr.http.Do(r)
	if err != nil {
		return 0, reply{}, err
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	var out reply
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, reply{}, err // killed in the middle of its answer
	}
	return response.StatusCode, out, json.Unmarshal(text, &out)
}
