package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrReverified refuses a re-verification that is too old, was used, or is of somebody else.
var ErrReverified = fault.New(fault.Unauthenticated, "auth.reverification_expired")

// Method is a way to prove who one is.
type Method string

// The methods. What each is good enough for is in function accepts.
const (
	MethodPassword        Method = "password"
	MethodCode            Method = "code"              // a code to the phone or mail address
	MethodPasswordAndCode Method = "password_and_code" // both: two factors
	MethodPasskey         Method = "passkey"           // with user verification: two factors in one
	MethodTOTP            Method = "totp"              // the code of an authenticator app
	MethodPasswordAndTOTP Method = "password_and_totp" // both: two factors
	MethodPIN             Method = "pin"               // the payment PIN
	MethodReverified      Method = "reverified"        // document and face, seen again
)

// Factor is one attempt to prove oneself: the fields that the method needs are set.
type Factor struct {
	Method     Method
	Password   crypto.Secret
	PIN        crypto.Secret
	Code       crypto.Secret
	Challenge  id.Challenge // of the code or of the passkey
	Credential []byte       // the browser's PublicKeyCredential as JSON
}

// Evidence allows a factor to be changed: the proof of a step-up of the same session, or a fresh re-verification.
type Evidence struct {
	Proof      crypto.Secret
	Reverified Reverified
}

// Reverified says that a person has just been verified again by document and face. Only parties/customer makes it,
// after its provider agreed; each verification serves once and only while it is fresh. Who is not signed in shows a code
// as well; whom staff serve at a branch does not.
type Reverified struct {
	Principal    Principal
	Verification id.Verification
	At           time.Time
	Code         Verified // the code that opened the way, consumed with it; zero inside a session
}

// of is whose factor the evidence is about: who acts or, when nobody is signed in, who was verified again.
func (e Evidence) of(by act.By) Principal {
	if e.Proof == "" && e.Reverified.Principal != "" {
		return e.Reverified.Principal
	}
	return Principal(by.Actor)
}

// accepts lists by which methods a factor may be changed: none weaker than the factor itself. A contact receives
// codes and a passkey opens new devices, so they need two factors; the old PIN vouches for a new one.
func accepts(p Purpose) []Method {
	switch p {
	case PurposePassword:
		return []Method{MethodPassword, MethodPasswordAndCode, MethodPasskey}
	case PurposePIN:
		return []Method{MethodPIN, MethodPasswordAndCode, MethodPasskey}
	default:
		return []Method{MethodPasswordAndCode, MethodPasskey}
	}
}

// allow decides whether the evidence is good enough to change a factor, consumes it, and says whose factor it is. The
// principal is locked until the transaction ends. Errors: ErrStepUp, ErrReverified, ErrCodeUsed.
func (s *Service) allow(ctx context.Context, tx *db.Tx, by act.By, e Evidence, purpose Purpose, more ...Method) (Principal, error) {
	who := e.of(by)
	p, found, err := findPrincipal(ctx, tx, who, true)
	if err != nil {
		return "", fmt.Errorf("lock principal: %w", err)
	}
	if !found || p.state != Active {
		return "", ErrStepUp
	}
	if e.Proof != "" {
		return who, s.UseProof(ctx, tx, by, purpose, e.Proof, append(accepts(purpose), more...)...)
	}
	return who, s.useReverified(ctx, tx, by, e.Reverified, purpose)
}

func (s *Service) useReverified(ctx context.Context, tx *db.Tx, by act.By, r Reverified, factor Purpose) error {
	if r.Principal == "" {
		return ErrStepUp
	}
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return err
	}
	age := tx.Now().Sub(r.At)
	served := by.Kind == act.Staff && Principal(by.OnBehalfOf) == r.Principal // at a branch, where the phone may be lost too
	foreign := by.Session != "" && Principal(by.Actor) != r.Principal && !served
	if r.Verification == "" || age < 0 || age >= p.reverifiedLife || foreign {
		return ErrReverified
	}
	if by.Session == "" || r.Code.challenge != "" {
		if !r.Code.opens(r.Principal, factor) {
			return ErrReverified
		}
		if err := s.spend(ctx, tx, r.Code, r.Code.purpose); err != nil {
			return err
		}
	}
	first, err := insertReverified(ctx, tx, r)
	if err != nil {
		return fmt.Errorf("consume re-verification: %w", err)
	}
	if !first {
		return ErrReverified
	}
	return nil
}

// ChangePassword sets a password. Errors: ErrPassword..., ErrStepUp, ErrReverified.
func (s *Service) ChangePassword(ctx context.Context, by act.By, c Client, e Evidence, password crypto.Secret) error {
	var personal []string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		contacts, err := s.Contacts(ctx, tx, e.of(by))
		for _, contact := range contacts {
			personal = append(personal, contact.Value)
		}
		return err
	})
	if err != nil {
		return err
	}
	fresh, err := s.HashPassword(ctx, password, personal...)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx) error {
		who, err := s.allow(ctx, tx, by, e, PurposePassword)
		if err != nil {
			return err
		}
		if err := savePassword(ctx, tx, who, fresh.phc); err != nil {
			return fmt.Errorf("save password: %w", err)
		}
		return s.changed(ctx, tx, by, c, change{who: who, factor: "password_changed", evidence: e})
	})
}

// ChangeContact replaces the phone number or mail address of who acts by one whose code was right, and tells the old
// one. Errors: ErrContactTaken, ErrCodeWrong, ErrCodeUsed, ErrStepUp, ErrReverified.
func (s *Service) ChangeContact(ctx context.Context, by act.By, c Client, e Evidence, v Verified) error {
	purpose, factor := PurposePhone, "phone_changed"
	if v.contact.Kind == Email {
		purpose, factor = PurposeEmail, "email_changed"
	}
	return s.write(ctx, func(tx *db.Tx) error {
		who, err := s.allow(ctx, tx, by, e, purpose)
		if err != nil {
			return err
		}
		if err := s.spend(ctx, tx, v, CodeNewContact); err != nil {
			return err
		}
		old, err := s.Contacts(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := s.setContact(ctx, tx, who, v.contact); err != nil {
			return err
		}
		return s.changed(ctx, tx, by, c, change{who: who, factor: factor, evidence: e, old: old})
	})
}

// change is a factor that was changed.
type change struct {
	who      Principal
	factor   string // password_changed, passkey_added ...; also the template of the message
	subject  string // of the audit record
	evidence Evidence
	old      []Contact // contacts before the change; read when nil
}

// changed does what every change of a factor brings: other sessions end, all contacts as they were are told, limits
// are reduced from now on.
func (s *Service) changed(ctx context.Context, tx *db.Tx, by act.By, c Client, ch change) error {
	if err := saveFactorChanged(ctx, tx, ch.who); err != nil {
		return fmt.Errorf("note change of factor: %w", err)
	}
	if err := s.endSessions(ctx, tx, by, ending{ch.who, by.Session, endedByFactor}); err != nil {
		return err
	}
	if ch.old == nil {
		var err error
		if ch.old, err = s.Contacts(ctx, tx, ch.who); err != nil {
			return err
		}
	}
	to := notify.Contact{Locale: c.Locale}
	for _, contact := range ch.old {
		if contact.Kind == Phone {
			to.Phone = contact.Value
		} else {
			to.Email = contact.Value
		}
	}
	params := map[string]string{"device": c.name()}
	if err := s.tell(ctx, tx, ch.who, notify.Notice{Template: "auth." + ch.factor, Params: params, Contact: &to}); err != nil {
		return err
	}
	what, how, _ := strings.Cut(ch.factor, "_")
	proof := "step_up"
	if ch.evidence.Proof == "" && ch.evidence.Reverified.Verification != "" {
		proof = string(MethodReverified)
	}
	f := event.FactorChanged{Principal: string(ch.who), Factor: what, Change: how, Proof: proof}
	if err := s.publish(ctx, tx, by, ch.who, f); err != nil {
		return err
	}
	return s.record(ctx, tx, entry{by: by, act: "auth." + ch.factor, principal: ch.who, subject: ch.subject, detail: map[string]string{"proof": proof}})
}

// ReducedUntil tells for each principal until when his limits are reduced because a factor changed; who is not in the
// map has his full limits.
func (s *Service) ReducedUntil(ctx context.Context, tx *db.Tx, principals []Principal) (map[Principal]time.Time, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return nil, err
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(principals)))
	until, err := listFactorChanges(ctx, tx, distinct, tx.Now().Add(-p.reduced))
	if err != nil {
		return nil, fmt.Errorf("read changes of factors: %w", err)
	}
	for who, at := range until {
		until[who] = at.Add(p.reduced)
	}
	return until, nil
}
