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

// ErrNoSecondFactor says that the device is new and the principal has nothing to prove himself by a second time: he
// must be verified again by document and face.
var ErrNoSecondFactor = fault.New(fault.Denied, "auth.no_second_factor")

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

// SecondFactor completes a pending sign-in.
type SecondFactor struct {
	Ticket crypto.Secret
	Factor Factor
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

// SecondFactorPasskeyOptions ask for a passkey of the principal whose sign-in is pending. Errors: ErrTicket, ErrPasskey.
func (s *Service) SecondFactorPasskeyOptions(ctx context.Context, by act.By, c Client, token crypto.Secret) (PasskeyOptions, error) {
	var options PasskeyOptions
	err := s.write(ctx, func(tx *db.Tx) error {
		t, err := s.findTicket(ctx, tx, by, c, token)
		if err != nil {
			return err
		}
		options, err = s.ask(ctx, tx, ceremony{use: useSecondFactor, principal: t.principal, bound: t.bound()}, nil)
		return err
	})
	return options, err
}

// CompleteSignIn tries the second factor of a pending sign-in. Errors: ErrTicket, ErrMethod, ErrWrong, ErrLocked,
// ErrCode..., ErrPasskey, ErrSuspended.
func (s *Service) CompleteSignIn(ctx context.Context, by act.By, c Client, f SecondFactor) (SignIn, error) {
	var half ticket
	err := s.write(ctx, func(tx *db.Tx) error {
		var err error
		if half, err = s.findTicket(ctx, tx, by, c, f.Ticket); err != nil {
			return err
		}
		return countTicket(ctx, tx, half)
	})
	if err != nil {
		return SignIn{}, err
	}
	m := f.Factor.Method
	if m == half.method || (m != MethodPassword && m != MethodCode && m != MethodPasskey) {
		return SignIn{}, ErrMethod
	}
	t := try{
		by: by, client: c, who: half.principal, counted: string(half.principal), factor: f.Factor,
		purpose: CodeSecondFactor, use: useSecondFactor, bound: half.bound(), ceremony: half.bound(),
	}
	r, err := s.check(ctx, t)
	if err != nil {
		return SignIn{}, s.failed(ctx, t, r, err)
	}
	var out SignIn
	err = s.write(ctx, func(tx *db.Tx) error {
		p, err := s.settled(ctx, tx, t, r)
		if err != nil {
			return err
		}
		n, err := useTicket(ctx, tx, half)
		if err != nil {
			return fmt.Errorf("consume ticket: %w", err)
		}
		if n == 0 {
			return ErrTicket
		}
		out, err = s.begin(ctx, tx, t, p, both(half.method, m))
		return err
	})
	return out, err
}

// both names a session by the two factors that opened it.
func both(first, second Method) Method {
	if first == MethodPasskey || second == MethodPasskey {
		return MethodPasskey
	}
	return MethodPasswordAndCode
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
		if r.method == MethodPasskey || (known != "" && t.client.Audience == App) {
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
	if !found || p.state == Closed {
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

// pend asks for a second factor, and sends the code at once when one may be it.
func (s *Service) pend(ctx context.Context, tx *db.Tx, t try, p principal, first Method) (SignIn, error) {
	methods, err := s.secondFactors(ctx, tx, p, first)
	if err != nil {
		return SignIn{}, err
	}
	if len(methods) == 0 {
		return SignIn{}, s.refused(ctx, tx, t, right{method: first}, ErrNoSecondFactor)
	}
	half, token, err := s.newTicket(ctx, tx, t.by, t.client, p.id, first)
	if err != nil {
		return SignIn{}, err
	}
	pending := &Pending{Ticket: token, Methods: methods, ExpiresAt: half.expires}
	if methods[0] == MethodCode {
		to, err := s.ownContact(ctx, tx, p.id, half.bound())
		if err != nil {
			return SignIn{}, err
		}
		sent, err := s.send(ctx, tx, t.by, t.client, CodeSecondFactor, to)
		if wait := (kept{}); err != nil && !errors.As(err, &wait) {
			return SignIn{}, err
		}
		if err == nil {
			pending.Sent = &sent
		}
	}
	e := entry{by: t.by, act: "auth.sign_in.first_factor", principal: p.id, detail: map[string]string{"method": string(first)}}
	return SignIn{Pending: pending, DeviceToken: t.client.Device}, s.record(ctx, tx, e)
}

// secondFactors are what a principal can still prove himself by, the usual one first.
func (s *Service) secondFactors(ctx context.Context, tx *db.Tx, p principal, first Method) ([]Method, error) {
	var all []Method
	if first != MethodCode {
		contacts, err := s.Contacts(ctx, tx, p.id)
		if err != nil {
			return nil, err
		}
		if len(contacts) > 0 {
			all = append(all, MethodCode)
		}
	}
	if first != MethodPassword && p.password != "" {
		all = append(all, MethodPassword)
	}
	keys, err := listPasskeys(ctx, tx, p.id)
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	if len(keys) > 0 && s.webauthn != nil {
		all = append(all, MethodPasskey)
	}
	return all, nil
}

// failed notes a sign-in whose factor was not right, and returns why.
func (s *Service) failed(ctx context.Context, t try, r right, refusal error) error {
	if fault.KindOf(refusal) == fault.Internal {
		return refusal
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
	return s.refuse(ctx, tx, entry{
		by: t.by, act: "auth.sign_in", principal: t.who, refusal: refusal, detail: map[string]string{"method": string(t.factor.Method)},
	})
}
