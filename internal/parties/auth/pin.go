package auth

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
)

// The ways in which a PIN is refused.
var (
	// ErrPINFormat refuses what is not a row of digits of the right length.
	ErrPINFormat = fault.New(fault.Invalid, "auth.pin_format")
	// ErrPINWeak refuses a PIN that a thief would try first.
	ErrPINWeak = fault.New(fault.Rejected, "auth.pin_weak")
	// ErrPINWrong says that the PIN is wrong, and how many tries are left.
	ErrPINWrong = fault.New(fault.Unauthenticated, "auth.pin_wrong")
	// ErrPINLocked says that there were too many wrong PINs.
	ErrPINLocked = fault.New(fault.Denied, "auth.pin_locked")
	// ErrPINNotSet says that the customer has no PIN yet.
	ErrPINNotSet = fault.New(fault.Rejected, "auth.pin_not_set")
)

const pinSaltBytes = 16

// PINState is what a customer may know of his PIN.
type PINState struct {
	Set         bool
	Locked      bool
	LockedUntil time.Time // zero when only a re-verification unlocks it
	TriesLeft   int
}

// pin is a row of auth_pin. set → locked → set, by time or by a new PIN.
type pin struct {
	principal Principal
	salt      []byte
	keyID     string
	mac       []byte
	failures  int64
	lockedAt  time.Time
	touched   bool // to be written
	locking   bool // locked just now
}

// unlocked ends a lock that was for a time only.
func (p *pin) unlock(policy policy, now time.Time) {
	if !p.lockedAt.IsZero() && policy.pinLock > 0 && !now.Before(p.lockedAt.Add(policy.pinLock)) {
		p.lockedAt, p.failures, p.touched = time.Time{}, 0, true
	}
}

// try counts one attempt and decides it.
func (p *pin) try(right bool, policy policy, now time.Time) error {
	p.unlock(policy, now)
	if !p.lockedAt.IsZero() {
		return p.locked(policy)
	}
	p.touched = p.touched || p.failures > 0 || !right
	if right {
		p.failures = 0
		return nil
	}
	p.failures++
	if p.failures >= policy.pinTries {
		p.lockedAt, p.locking = now, true
		return p.locked(policy)
	}
	return ErrPINWrong.With("left", strconv.FormatInt(policy.pinTries-p.failures, 10))
}

func (p *pin) locked(policy policy) error {
	if policy.pinLock == 0 {
		return ErrPINLocked
	}
	return ErrPINLocked.With("until", p.lockedAt.Add(policy.pinLock).Format(time.RFC3339))
}

// SetPIN sets the payment PIN: the first one by any step-up but a code alone, a new one by the old PIN, by two factors
// or by re-verification. A new PIN is unlocked. Errors: ErrPINFormat, ErrPINWeak, ErrStepUp, ErrReverified.
func (s *Service) SetPIN(ctx context.Context, by act.By, c Client, e Evidence, choice PINChoice) error {
	return s.write(ctx, func(tx *db.Tx) error {
		policy, err := s.policyAt(ctx, tx.Now())
		if err != nil {
			return err
		}
		old, err := lockPINs(ctx, tx, []Principal{e.of(by)})
		if err != nil {
			return fmt.Errorf("lock PIN: %w", err)
		}
		var first []Method
		if len(old) == 0 {
			first = []Method{MethodPassword}
		}
		who, err := s.allow(ctx, tx, by, e, PurposePIN, first...)
		if err != nil {
			return err
		}
		contacts, err := s.Contacts(ctx, tx, who)
		if err != nil {
			return err
		}
		for _, contact := range contacts {
			choice.Avoid = append(choice.Avoid, contact.Value)
		}
		if err := choice.check(policy.pinDigits); err != nil {
			return err
		}
		fresh := s.newPIN(who, choice.PIN.Reveal())
		if err := savePIN(ctx, tx, fresh); err != nil {
			return fmt.Errorf("save PIN: %w", err)
		}
		if len(old) == 0 { // nothing that was trusted has changed: no warning, no reduced limits
			return s.record(ctx, tx, entry{by: by, act: "auth.pin_set", principal: who})
		}
		return s.changed(ctx, tx, by, c, change{who: who, factor: "pin_changed", evidence: e})
	})
}

func (s *Service) newPIN(who Principal, text string) pin {
	p := pin{principal: who, salt: crypto.Random(pinSaltBytes)}
	p.keyID, p.mac = s.ring.PINMAC(string(who), p.salt, text)
	return p
}

// PIN is the state of the PIN of who acts.
func (s *Service) PIN(ctx context.Context, by act.By) (PINState, error) {
	var state PINState
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		state, err = s.PINIn(ctx, tx, Principal(by.Customer()))
		return err
	})
	return state, err
}

// PINIn is PIN in the caller's view of the database.
func (s *Service) PINIn(ctx context.Context, tx *db.Tx, who Principal) (PINState, error) {
	policy, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return PINState{}, err
	}
	all, err := readPINs(ctx, tx, []Principal{who})
	if err != nil {
		return PINState{}, err
	}
	p, found := all[who]
	if !found {
		return PINState{}, nil
	}
	p.unlock(policy, tx.Now())
	state := PINState{Set: true, Locked: !p.lockedAt.IsZero(), TriesLeft: int(max(policy.pinTries-p.failures, 0))}
	if state.Locked && policy.pinLock > 0 {
		state.LockedUntil = p.lockedAt.Add(policy.pinLock)
	}
	return state, nil
}

// pinTry is a PIN that somebody gives as that of a principal.
type pinTry struct {
	by  act.By
	who Principal
	pin crypto.Secret
}

// provePINs decides PINs in order over rows that one statement locks in the order of the principals. Failures are
// counted before the next PIN of the same batch is decided, and committed with the batch: of five hundred guesses at
// once, five are tried.
func (s *Service) provePINs(ctx context.Context, tx *db.Tx, tries []pinTry) ([]error, error) {
	policy, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return nil, err
	}
	principals := make([]Principal, 0, len(tries))
	for _, t := range tries {
		principals = append(principals, t.who)
	}
	rows, err := lockPINs(ctx, tx, principals)
	if err != nil {
		return nil, fmt.Errorf("lock PINs: %w", err)
	}
	results := make([]error, len(tries))
	for i, t := range tries {
		row, found := rows[t.who]
		if !found {
			results[i] = ErrPINNotSet
			continue
		}
		text := t.pin.Reveal()
		right := s.ring.VerifyPIN(string(t.who), row.salt, text, row.keyID, row.mac)
		results[i] = row.try(right, policy, tx.Now())
		if results[i] == nil && s.ring.StalePIN(row.keyID) {
			row.keyID, row.mac = s.ring.PINMAC(string(t.who), row.salt, text)
			row.touched = true
		}
		if err := s.tellLocked(ctx, tx, t, row, policy); err != nil {
			return nil, err
		}
	}
	if err := savePINs(ctx, tx, rows); err != nil {
		return nil, fmt.Errorf("save PINs: %w", err)
	}
	return results, nil
}

// tellLocked tells the customer and other rooms that a PIN has just been locked.
func (s *Service) tellLocked(ctx context.Context, tx *db.Tx, t pinTry, row *pin, policy policy) error {
	if !row.locking {
		return nil
	}
	row.locking = false
	f := event.FactorLocked{Principal: string(t.who), Factor: string(MethodPIN)}
	if policy.pinLock > 0 {
		f.Until = tx.Now().Add(policy.pinLock)
	}
	if err := s.publish(ctx, tx, t.by, t.who, f); err != nil {
		return err
	}
	return s.tell(ctx, tx, t.who, notify.Notice{Template: "auth.pin_locked"})
}

// PINsUnder counts the PINs that a key of the ring proves: it may be retired when there are none.
func (s *Service) PINsUnder(ctx context.Context, tx *db.Tx, key string) (int64, error) {
	n, err := countPINs(ctx, tx, key)
	if err != nil {
		return 0, fmt.Errorf("count PINs under a key: %w", err)
	}
	return n, nil
}
