package outbound

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// maxSimulated is how many messages the simulator remembers.
	maxSimulated = 10_000
	// reportAttempts is how often it calls with a report that is not taken.
	reportAttempts = 3
	simulatorLabel = "tongbao-sms-simulator"
)

// SimulatorConfig sets up a Simulator.
type SimulatorConfig struct {
	Credential Credential    // shared with the bank
	ReportURL  string        // where delivery reports go; none when empty
	Delay      time.Duration // before each answer, and before each report
	Now        func() time.Time
}

// Simulator is an SMS gateway that sends nothing to anybody: for demonstrations and tests, never for customers. Each
// answer says so in its Server header. It behaves as real gateways do, by the last digits of the number:
//
//	...9001   refused: invalid_number
//	...9002   refused: blocked_recipient
//	...9003   busy at the first attempt (503), then taken
//	...9004   too many at the first attempt (429, Retry-After 1), then taken
//	...9005   taken, but the answer of the first attempt is lost
//	...9006   taken, reported undelivered: absent_subscriber
//	...9007   taken, reported delivered twice
//	others    taken, reported delivered
type Simulator struct {
	config SimulatorConfig
	client *http.Client
	stop   context.CancelFunc
	life   context.Context // of reports, which outlive the request that caused them
	calls  sync.WaitGroup

	mu       sync.Mutex
	attempts map[string]int // by id of the delivery
	taken    map[string]Simulated
	order    []string // ids, oldest first
}

// Simulated is a message that the simulator took over.
type Simulated struct {
	Short
	Reference string
	Sender    string
	At        time.Time
}

// NewSimulator makes a simulator; Close it.
func NewSimulator(config SimulatorConfig) *Simulator {
	life, stop := context.WithCancel(context.Background())
	return &Simulator{
		config:   config,
		client:   &http.Client{Timeout: defaultTimeout},
		life:     life,
		stop:     stop,
		attempts: map[string]int{},
		taken:    map[string]Simulated{},
	}
}

// Close ends pending reports.
func (s *Simulator) Close() {
	s.stop()
	s.calls.Wait()
	s.client.CloseIdleConnections()
}

// Messages lists what was taken over, oldest first.
func (s *Simulator) Messages() []Simulated {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Simulated, len(s.order))
	for i, id := range s.order {
		all[i] = s.taken[id]
	}
	return all
}

// ServeHTTP takes a message over or refuses it.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", simulatorLabel)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxGatewayBody))
	if err != nil {
		s.answer(w, http.StatusRequestEntityTooLarge, shortAnswer{Code: "too_large"})
		return
	}
	if !s.config.Credential.signed(r, body, s.config.Now()) {
		s.answer(w, http.StatusUnauthorized, shortAnswer{Code: "bad_signature"})
		return
	}
	var m shortRequest
	if json.Unmarshal(body, &m) != nil || m.ID == "" || m.ID != r.Header.Get("Idempotency-Key") || m.Text == "" {
		s.answer(w, http.StatusBadRequest, shortAnswer{Code: "bad_request"})
		return
	}
	if !wait(r.Context(), s.config.Delay) {
		return
	}
	s.decide(w, m)
}

// decide plays the part that the number asks for.
func (s *Simulator) decide(w http.ResponseWriter, m shortRequest) {
	first := s.attempt(m.ID) == 1
	switch {
	case strings.HasSuffix(m.To, "9001") || !strings.HasPrefix(m.To, "+"):
		s.answer(w, http.StatusUnprocessableEntity, shortAnswer{Code: "invalid_number"})
		return
	case strings.HasSuffix(m.To, "9002"):
		s.answer(w, http.StatusUnprocessableEntity, shortAnswer{Code: "blocked_recipient"})
		return
	case strings.HasSuffix(m.To, "9003") && first:
		s.answer(w, http.StatusServiceUnavailable, shortAnswer{Code: "busy"})
		return
	case strings.HasSuffix(m.To, "9004") && first:
		w.Header().Set("Retry-After", "1")
		s.answer(w, http.StatusTooManyRequests, shortAnswer{Code: "too_many"})
		return
	}
	taken, isNew := s.take(m)
	if isNew {
		s.report(taken)
	}
	if strings.HasSuffix(m.To, "9005") && first {
		panic(http.ErrAbortHandler) // cuts the connection: the way of net/http to lose an answer
	}
	s.answer(w, http.StatusOK, shortAnswer{Reference: taken.Reference})
}

// attempt counts the attempts of a delivery.
func (s *Simulator) attempt(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.attempts) >= maxSimulated {
		clear(s.attempts)
	}
	s.attempts[id]++
	return s.attempts[id]
}

// take remembers a message once; a repetition gets the first reference.
func (s *Simulator) take(m shortRequest) (taken Simulated, isNew bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, ok := s.taken[m.ID]; ok {
		return before, false
	}
	if len(s.order) >= maxSimulated {
		delete(s.taken, s.order[0])
		s.order = s.order[1:]
	}
	taken = Simulated{
		Short:     Short{ID: m.ID, To: m.To, Text: m.Text},
		Reference: "sim-" + m.ID,
		Sender:    m.Sender,
		At:        s.config.Now(),
	}
	s.taken[m.ID] = taken
	s.order = append(s.order, m.ID)
	return taken, true
}

// report tells the bank later what became of a message.
func (s *Simulator) report(m Simulated) {
	if s.config.ReportURL == "" {
		return
	}
	report, times := Report{ID: m.ID, Reference: m.Reference, State: Delivered}, 1
	switch {
	case strings.HasSuffix(m.To, "9006"):
		report.State, report.Code = Undelivered, "absent_subscriber"
	case strings.HasSuffix(m.To, "9007"):
		times = 2
	}
	s.calls.Go(func() {
		for range times {
			s.call(report)
		}
	})
}

// call posts a report until it is taken, a few times at most.
func (s *Simulator) call(report Report) {
	pause := cmp.Or(s.config.Delay, time.Millisecond)
	for attempt := range reportAttempts {
		if !wait(s.life, pause<<attempt) {
			return
		}
		report.At = s.config.Now()
		body, err := json.Marshal(report)
		if err != nil {
			return
		}
		request, err := http.NewRequestWithContext(s.life, http.MethodPost, s.config.ReportURL, bytes.NewReader(body))
		if err != nil {
			return
		}
		s.config.Credential.sign(request, body, s.config.Now())
		response, err := s.client.Do(request)
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode/100 == 2 {
			return
		}
	}
}

func (s *Simulator) answer(w http.ResponseWriter, status int, answer shortAnswer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a reader who has gone needs no answer
}

// wait pauses; false when the context ended first.
func wait(ctx context.Context, pause time.Duration) bool {
	if pause <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
