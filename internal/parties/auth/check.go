package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a factor is refused.
var (
	// ErrWrong says that identifier or password are wrong; never which, nor whether anybody has the identifier.
	ErrWrong = fault.New(fault.Unauthenticated, "auth.wrong_credentials")
	// ErrLocked says that there were too many wrong passwords on this device, or from this network; the wait is told.
	ErrLocked = fault.New(fault.Busy, "auth.locked")
	// ErrMethod refuses a method that this step does not take.
	ErrMethod = fault.New(fault.Invalid, "auth.wrong_method")
	// ErrCrowded says that too many passwords wait to be compared. Nothing was counted.
	ErrCrowded = fault.New(fault.Busy, "auth.crowded").Wait(2 * time.Second)
)

// try is an attempt to prove a factor.
type try struct {
	by       act.By
	client   Client
	who      Principal // empty when the identifier belongs to nobody
	counted  string    // what wrong passwords of unknown devices are counted by
	factor   Factor
	purpose  CodePurpose // what a code must have been sent for
	use      use         // what a passkey must have been asked for
	bound    string      // session or ticket that code and passkey belong to
	ceremony string      // bound of the passkey, when it is another
}

// right is a factor that was right, and what its act still has to settle.
type right struct {
	method  Method
	phc     string   // hash that the password matched; empty when no password was asked
	rehash  string   // fresh hash under newer parameters; empty when not needed
	tallies []tally  // to forget
	code    Verified // to consume
	purpose CodePurpose
	known   id.Device
}

// check tries a factor. What it counts stays counted whatever becomes of the act. Of the passwords that are tried at
// the same time, no more reach the hash than the counters allow: each is counted before it is compared.
// Errors: ErrWrong, ErrLocked, ErrCode..., ErrPIN..., ErrPasskey, ErrMethod, ErrCrowded.
func (s *Service) check(ctx context.Context, t try) (right, error) {
	r := right{method: t.factor.Method, purpose: t.purpose}
	password := t.factor.Method == MethodPassword || t.factor.Method == MethodPasswordAndCode
	if password && s.passwords.Full() {
		return r, ErrCrowded
	}
	err := s.write(ctx, func(tx *db.Tx) error {
		r.tallies, r.phc, r.code = nil, "", Verified{} // the transaction may run again
		if password {
			if err := s.reserve(ctx, tx, t, &r); err != nil {
				return err
			}
		}
		return s.checkOthers(ctx, tx, t, &r)
	})
	if err != nil || !password {
		return r, err
	}
	return r, s.checkPassword(ctx, t, &r)
}

// reserve counts a password before it is compared, and reads the hash to compare it with.
func (s *Service) reserve(ctx context.Context, tx *db.Tx, t try, r *right) error {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return err
	}
	if r.known, err = s.knownDevice(ctx, tx, t.who, t.client, p.deviceTrust); err != nil {
		return err
	}
	found, _, err := findPrincipal(ctx, tx, t.who, false)
	if err != nil {
		return fmt.Errorf("read principal: %w", err)
	}
	if found.state != Closed {
		r.phc = found.password
	}
	tallies := s.passwordTallies(t, r.known, p)
	refused, err := s.use(ctx, tx, tallies)
	if err != nil {
		return err
	}
	if refused.wait > 0 {
		return keep(ErrLocked.Wait(refused.wait))
	}
	r.tallies = tallies
	return nil
}

// passwordTallies count wrong passwords: on a known device alone; on all unknown devices of one network together, for
// the identifier and in all. So whoever does not hold the customer's device cannot lock the customer out of it.
func (s *Service) passwordTallies(t try, known id.Device, p policy) []tally {
	if known != "" {
		return []tally{{
			kind: "password.device", id: s.counterID("password.device", string(t.who), string(known)),
			limit: p.passwordTries, window: p.passwordLock, lock: p.passwordLock,
		}}
	}
	net := network(t.by.Address)
	return []tally{
		{
			kind: "password.network", id: s.counterID("password.network", net),
			limit: p.networkTries, window: time.Hour,
		},
		{
			kind: "password.stranger", id: s.counterID("password.stranger", t.counted, net),
			limit: p.passwordTries, window: p.passwordLock, lock: p.passwordLock,
		},
	}
}

// checkOthers checks what needs no slow hash: codes, PINs, passkeys.
func (s *Service) checkOthers(ctx context.Context, tx *db.Tx, t try, r *right) error {
	switch t.factor.Method {
	case MethodPassword:
		return nil
	case MethodCode, MethodPasswordAndCode:
		answer := CodeAnswer{Purpose: t.purpose, Challenge: t.factor.Challenge, Code: t.factor.Code}
		var err error
		r.code, err = s.verifyCode(ctx, tx, t.by, answer, t.bound)
		return err
	case MethodTOTP:
		return s.checkTOTP(ctx, tx, t, r)
	case MethodPIN:
		results, err := s.provePINs(ctx, tx, []pinTry{{t.by, t.who, t.factor.PIN}})
		if err != nil {
			return err
		}
		if results[0] != nil {
			return keep(results[0])
		}
		return nil
	case MethodPasskey:
		results, err := s.verify(ctx, tx, []signature{{
			use: t.use, principal: t.who, bound: t.ceremony, answer: PasskeyAnswer{t.factor.Challenge, t.factor.Credential},
		}})
		if err != nil {
			return err
		}
		if results[0].err != nil {
			return keep(results[0].err)
		}
		return nil
	default:
		return ErrMethod
	}
}

// checkPassword compares a password; for nobody it does the same work.
func (s *Service) checkPassword(ctx context.Context, t try, r *right) error {
	text := normalPassword(t.factor.Password)
	if r.phc == "" {
		if err := s.passwords.VerifyNobody(ctx, text); err != nil {
			return crowded(err)
		}
		return ErrWrong
	}
	ok, stale, err := s.passwords.Verify(ctx, text, r.phc)
	if err != nil {
		return crowded(err)
	}
	if !ok {
		return ErrWrong
	}
	if stale {
		if r.rehash, err = s.passwords.Hash(ctx, text); err != nil {
			return crowded(err)
		}
	}
	return nil
}

// crowded tells a full queue, which is nobody's fault, from what must not happen.
func crowded(err error) error {
	if errors.Is(err, crypto.ErrPasswordQueue) {
		return ErrCrowded.Because(err)
	}
	return fmt.Errorf("hash password: %w", err)
}

// settle does in the act's transaction what a right factor leaves to do: consume the code, reset counters, write the
// fresh hash. A password that was changed since it was compared proves nothing any more.
func (s *Service) settle(ctx context.Context, tx *db.Tx, p principal, r right) error {
	if r.phc != "" && r.phc != p.password {
		return ErrWrong
	}
	if r.code.challenge != "" {
		if err := s.spend(ctx, tx, r.code, r.purpose); err != nil {
			return err
		}
	}
	if err := s.forget(ctx, tx, r.tallies); err != nil {
		return err
	}
	if r.rehash != "" {
		return renewPassword(ctx, tx, p.id, r.phc, r.rehash)
	}
	return nil
}

// lockedNow tells other rooms when the last of the allowed wrong passwords has just closed a counter.
func (s *Service) lockedNow(ctx context.Context, tx *db.Tx, t try, r right) error {
	if t.who == "" || len(r.tallies) == 0 {
		return nil
	}
	for _, l := range r.tallies {
		if l.lock == 0 {
			continue
		}
		until, err := readLock(ctx, tx, l.kind, l.id)
		if err != nil {
			return fmt.Errorf("read counter: %w", err)
		}
		if until.After(tx.Now()) {
			f := event.FactorLocked{Principal: string(t.who), Factor: string(MethodPassword), Device: r.known, Until: until}
			return s.publish(ctx, tx, t.by, t.who, f)
		}
	}
	return nil
}
