package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// policy is every figure of this room as records/rule has it for a day.
type policy struct {
	codeDigits     int
	codeLife       time.Duration
	codeTries      int64
	codeResend     time.Duration
	codesContact   int64 // an hour, to one contact from one device
	codesDevice    int64 // an hour, from one device
	codesNetwork   int64 // an hour, from one network
	passwordLength int   // characters at least
	passwordTries  int64
	passwordLock   time.Duration
	networkTries   int64 // wrong passwords an hour, from unknown devices of one network
	deviceTrust    time.Duration
	ticketLife     time.Duration
	ticketTries    int64
	stepUpLife     time.Duration
	ceremonyLife   time.Duration
	passkeysMost   int
	reduced        time.Duration
	reverifiedLife time.Duration
	pinDigits      int
	pinTries       int64
	pinLock        time.Duration // zero: until re-verification
	historyLife    time.Duration
	appIdle        time.Duration
	appLife        time.Duration
	consoleIdle    time.Duration
	consoleLife    time.Duration
}

// policyAt reads the figures that hold on the bank's day of an instant.
func (s *Service) policyAt(ctx context.Context, at time.Time) (policy, error) {
	r := reading{ctx: ctx, rules: s.rules, on: s.days.Date(at)}
	p := policy{
		codeDigits:     int(r.figure("auth.code.length_digits")),
		codeLife:       r.span("auth.code.life_minutes"),
		codeTries:      r.figure("auth.code.tries_count"),
		codeResend:     r.span("auth.code.resend_seconds"),
		codesContact:   r.figure("auth.code.hourly_contact_count"),
		codesDevice:    r.figure("auth.code.hourly_device_count"),
		codesNetwork:   r.figure("auth.code.hourly_network_count"),
		passwordLength: int(r.figure("auth.password.length_characters")),
		passwordTries:  r.figure("auth.password.tries_count"),
		passwordLock:   r.span("auth.password.lock_minutes"),
		networkTries:   r.figure("auth.password.hourly_network_count"),
		deviceTrust:    r.span("auth.device.trust_days"),
		ticketLife:     r.span("auth.ticket.life_minutes"),
		ticketTries:    r.figure("auth.ticket.tries_count"),
		stepUpLife:     r.span("auth.step_up.life_minutes"),
		ceremonyLife:   r.span("auth.passkey.life_minutes"),
		passkeysMost:   int(r.figure("auth.passkey.most_count")),
		reduced:        r.span("auth.factor.reduced_hours"),
		reverifiedLife: r.span("auth.reverified.life_minutes"),
		pinDigits:      int(r.figure("auth.pin.length_digits")),
		pinTries:       r.figure("auth.pin.tries_count"),
		pinLock:        r.span("auth.pin.lock_hours"),
		historyLife:    r.span("auth.history.keep_days"),
		appIdle:        r.span("auth.session.app_idle_minutes"),
		appLife:        r.span("auth.session.app_life_hours"),
		consoleIdle:    r.span("auth.session.console_idle_minutes"),
		consoleLife:    r.span("auth.session.console_life_hours"),
	}
	return p, r.err
}

// sessionLife reads only how long a session of an audience may be idle and live: it is asked with every request.
func (s *Service) sessionLife(ctx context.Context, a Audience, at time.Time) (policy, error) {
	r := reading{ctx: ctx, rules: s.rules, on: s.days.Date(at)}
	if a == Console {
		p := policy{consoleIdle: r.span("auth.session.console_idle_minutes"), consoleLife: r.span("auth.session.console_life_hours")}
		return p, r.err
	}
	p := policy{appIdle: r.span("auth.session.app_idle_minutes"), appLife: r.span("auth.session.app_life_hours")}
	return p, r.err
}

// idle and life of a session.
func (p policy) session(a Audience) (idle, life time.Duration) {
	if a == Console {
		return p.consoleIdle, p.consoleLife
	}
	return p.appIdle, p.appLife
}

// reading reads figures until one fails.
type reading struct {
	ctx   context.Context //nolint:containedctx // lives for one call of policyAt
	rules Rules
	on    clock.Date
	err   error
}

func (r *reading) figure(key string) int64 {
	if r.err != nil {
		return 0
	}
	n, err := r.rules.Int(r.ctx, key, r.on)
	if err != nil {
		r.err = fmt.Errorf("read rule %s: %w", key, err)
	}
	return n
}

func (r *reading) span(key string) time.Duration {
	if r.err != nil {
		return 0
	}
	d, err := r.rules.Duration(r.ctx, key, r.on)
	if err != nil {
		r.err = fmt.Errorf("read rule %s: %w", key, err)
	}
	return d
}
