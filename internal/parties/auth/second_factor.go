package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// ErrNoSecondFactor says that the device is new and the principal has nothing to prove himself by a second time: he
// must be verified again by document and face.
var ErrNoSecondFactor = fault.New(fault.Denied, "auth.no_second_factor")

// SecondFactor completes a pending sign-in.
type SecondFactor struct {
	Ticket crypto.Secret
	Factor Factor
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
	if m == half.method || !c.Audience.second(m) {
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
	if second == MethodTOTP {
		return MethodPasswordAndTOTP
	}
	return MethodPasswordAndCode
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
	if p.id.kind() == act.Staff {
		return s.staffFactors(ctx, tx, p.id)
	}
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
