package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
)

// SignIn is what came of a sign-in: exactly one of Session and Pending is set.
type SignIn struct {
	Session     *SignedIn
	Pending     *Pending
	DeviceToken crypto.Secret // always to be kept in the device cookie
}

// Pending is a sign-in whose first factor was right, on a device that is new.
type Pending struct {
	Ticket    crypto.Secret
	Methods   []Method // one of these is the second factor
	Sent      *Sent    // the code that was sent at once; nil when none was
	ExpiresAt time.Time
}

// SignInByPassword tries a password. Errors: ErrWrong, ErrLocked, ErrSuspended, ErrNoSecondFactor.
func (s *Service) SignInByPassword(ctx context.Context, by act.By, c Client, who string, password crypto.Secret) (SignIn, error) {
	c = c.withDevice()
	contact, err := ParseContact(who)
	if err != nil {
		contact = Contact{Value: ""} // nobody's, and the answer is as for any nobody
	}
	t := try{by: by, client: c, counted: contact.Value, factor: Factor{Method: MethodPassword, Password: password}}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		t.who, _, err = s.Find(ctx, tx, contact)
		return err
	})
	if err != nil {
		return SignIn{}, err
	}
	r, err := s.check(ctx, t)
	if err != nil {
		return SignIn{}, s.failed(ctx, t, r, err)
	}
	return s.conclude(ctx, t, r)
}

// SignInByCode tries a code that was sent to a contact. Errors: ErrCode..., ErrSuspended, ErrNoSecondFactor.
func (s *Service) SignInByCode(ctx context.Context, by act.By, c Client, a CodeAnswer) (SignIn, error) {
	t := try{
		by: by, client: c.withDevice(), purpose: CodeSignIn,
		factor: Factor{Method: MethodCode, Code: a.Code, Challenge: a.Challenge},
	}
	r, err := s.check(ctx, t)
	t.who = r.code.principal
	if err != nil {
		return SignIn{}, s.failed(ctx, t, r, err)
	}
	return s.conclude(ctx, t, r)
}

// SignInPasskeyOptions ask for any passkey of the bank. They are the same for everybody. Error: ErrNoPasskeys.
func (s *Service) SignInPasskeyOptions(ctx context.Context, _ act.By, _ Client) (PasskeyOptions, error) {
	var options PasskeyOptions
	err := s.write(ctx, func(tx *db.Tx) error {
		var err error
		options, err = s.ask(ctx, tx, ceremony{use: useSignIn}, nil)
		return err
	})
	return options, err
}

// SignInByPasskey tries a passkey. It has verified its user, so it opens a new device by itself.
// Errors: ErrPasskey, ErrSuspended.
func (s *Service) SignInByPasskey(ctx context.Context, by act.By, c Client, a PasskeyAnswer) (SignIn, error) {
	t := try{by: by, client: c.withDevice(), use: useSignIn, factor: Factor{Method: MethodPasskey}}
	r := right{method: MethodPasskey}
	err := s.write(ctx, func(tx *db.Tx) error {
		results, err := s.verify(ctx, tx, []signature{{use: useSignIn, answer: a}})
		if err != nil {
			return err
		}
		if results[0].err != nil {
			return keep(results[0].err)
		}
		t.who = results[0].passkey.principal
		return nil
	})
	if err != nil {
		return SignIn{}, s.failed(ctx, t, r, err)
	}
	return s.conclude(ctx, t, r)
}

// withDevice gives a client without a device token a fresh one, so that the second step can be tied to it.
func (c Client) withDevice() Client {
	if c.Device == "" || len(c.Device) > tokenMost {
		c.Device = NewDeviceToken()
	}
	return c
}

// conclude opens the session, or asks for a second factor when the device is new.
func (s *Service) conclude(ctx context.Context, t try, r right) (SignIn, error) {
	var out SignIn
	err := s.write(ctx, func(tx *db.Tx) error {
		p, err := s.settled(ctx, tx, t, r)
		if err != nil {
			return err
		}
		policy, err := s.policyAt(ctx, tx.Now())
		if err != nil {
			return err
		}
		known, err := s.knownDevice(ctx, tx, p.id, t.client, policy.deviceTrust)
		if err != nil {
			return err
		}
		if t.client.Audience.alone(r.method, known != "") {
			out, err = s.begin(ctx, tx, t, p, r.method)
			return err
		}
		out, err = s.pend(ctx, tx, t, p, r.method)
		return err
	})
	return out, err
}

// settled locks the principal whose factor was right and settles what that leaves to do.
func (s *Service) settled(ctx context.Context, tx *db.Tx, t try, r right) (principal, error) {
	p, found, err := findPrincipal(ctx, tx, t.who, true)
	if err != nil {
		return principal{}, fmt.Errorf("lock principal: %w", err)
	}
	if !found || p.state == Closed || !t.client.Audience.takes(p.id) {
		return principal{}, ErrWrong
	}
	if err := s.settle(ctx, tx, p, r); err != nil {
		return principal{}, err
	}
	if p.state == Suspended {
		return principal{}, s.refused(ctx, tx, t, r, ErrSuspended)
	}
	return p, nil
}

// begin opens the session of a completed sign-in.
func (s *Service) begin(ctx context.Context, tx *db.Tx, t try, p principal, m Method) (SignIn, error) {
	policy, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return SignIn{}, err
	}
	known, err := s.knownDevice(ctx, tx, p.id, t.client, policy.deviceTrust)
	if err != nil {
		return SignIn{}, err
	}
	in, err := s.open(ctx, tx, opening{by: t.by, client: t.client, who: p.id, method: m, device: known})
	if err != nil {
		return SignIn{}, err
	}
	out := SignIn{Session: &in, DeviceToken: in.DeviceToken}
	n := noted{who: p.id, method: m, session: in.Session, newDevice: known == ""}
	if err := s.noteSignIn(ctx, tx, t.by, t.client, n); err != nil {
		return SignIn{}, err
	}
	if known != "" {
		return out, nil
	}
	return out, s.tell(ctx, tx, p.id, notify.Notice{
		Template: "auth.new_device", Subject: string(in.Session.Device),
		Params: map[string]string{"device": in.Session.Name},
	})
}

// failed notes a sign-in whose factor was not right, and returns why.
func (s *Service) failed(ctx context.Context, t try, r right, refusal error) error {
	if fault.KindOf(refusal) == fault.Internal || errors.Is(refusal, ErrCrowded) {
		return refusal // nothing was tried
	}
	return s.write(ctx, func(tx *db.Tx) error {
		if errors.Is(refusal, ErrWrong) {
			if err := s.lockedNow(ctx, tx, t, r); err != nil {
				return err
			}
		}
		return s.refused(ctx, tx, t, r, refusal)
	})
}

// refused writes a refused sign-in into history and audit, tells other rooms, and returns the refusal as kept.
func (s *Service) refused(ctx context.Context, tx *db.Tx, t try, r right, refusal error) error {
	if t.who != "" {
		a := Attempt{At: tx.Now(), Method: t.factor.Method, Code: fault.CodeOf(refusal), Name: t.client.name(), Network: network(t.by.Address)}
		if err := insertSignIn(tx, t.who, a); err != nil {
			return err
		}
		f := event.SignInRefused{
			Principal: string(t.who), Device: r.known, Method: string(t.factor.Method), Code: a.Code, KnownDevice: r.known != "",
		}
		if err := s.publish(ctx, tx, t.by, t.who, f); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { s.observe(t.factor.Method, fault.CodeOf(refusal)) })
	return s.refuse(ctx, tx, entry{
		by: t.by, act: "auth.sign_in", principal: t.who, refusal: refusal, detail: map[string]string{"method": string(t.factor.Method)},
	})
}
