package auth

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// The ways in which a step-up is refused.
var (
	// ErrStepUp asks to prove oneself once more for this act: there is no proof, or it is old, used, of another
	// session or purpose, or of a method that is too weak.
	ErrStepUp = fault.New(fault.Unauthenticated, "auth.step_up_needed")
	// ErrPurpose refuses a text that is no purpose.
	ErrPurpose = fault.New(fault.Invalid, "auth.bad_purpose")
)

const proofBits = 256

// Purpose names the act that a step-up is for. Rooms above have their own, such as "limits.raise".
type Purpose string

// The purposes of this room.
const (
	PurposePassword Purpose = "password.change"
	PurposePhone    Purpose = "phone.change"
	PurposeEmail    Purpose = "email.change"
	PurposePasskeys Purpose = "passkeys.change"
	PurposePIN      Purpose = "pin.change"
)

var purposeForm = regexp.MustCompile(`^[a-z][a-z_]{0,30}(\.[a-z][a-z_]{0,30}){1,2}$`)

// StepUpProof shows that who acts has just proved himself for a purpose. It serves once, in the same session.
type StepUpProof struct {
	Proof     crypto.Secret
	Method    Method
	ExpiresAt time.Time
}

// proof is a row of auth_proof.
type proof struct {
	hash      []byte
	principal Principal
	session   string
	purpose   Purpose
	method    Method
	expires   time.Time
}

// StepUpPasskeyOptions ask for a passkey of who acts, for one purpose. Errors: ErrPurpose, ErrPasskey, ErrNoPasskeys.
func (s *Service) StepUpPasskeyOptions(ctx context.Context, by act.By, purpose Purpose) (PasskeyOptions, error) {
	if by.Session == "" {
		return PasskeyOptions{}, ErrSession
	}
	if !purposeForm.MatchString(string(purpose)) {
		return PasskeyOptions{}, ErrPurpose
	}
	var options PasskeyOptions
	err := s.write(ctx, func(tx *db.Tx) error {
		var err error
		c := ceremony{use: useStepUp, principal: Principal(by.Actor), bound: stepUpBound(by, purpose)}
		options, err = s.ask(ctx, tx, c, nil)
		return err
	})
	return options, err
}

func stepUpBound(by act.By, purpose Purpose) string {
	return string(by.Session) + " " + string(purpose)
}

// StepUp tries a factor of who acts, inside his session, and makes a proof for one purpose.
// Errors: ErrSession, ErrPurpose, ErrWrong, ErrLocked, ErrCode..., ErrPIN..., ErrPasskey, ErrMethod.
func (s *Service) StepUp(ctx context.Context, by act.By, c Client, purpose Purpose, f Factor) (StepUpProof, error) {
	if by.Session == "" {
		return StepUpProof{}, ErrSession
	}
	if !purposeForm.MatchString(string(purpose)) {
		return StepUpProof{}, ErrPurpose
	}
	t := try{
		by: by, client: c, who: Principal(by.Actor), counted: by.Actor, factor: f, purpose: CodeStepUp, use: useStepUp,
		bound: string(by.Session), ceremony: stepUpBound(by, purpose),
	}
	noted := entry{
		by: by, act: "auth.step_up", principal: t.who, detail: map[string]string{"purpose": string(purpose), "method": string(f.Method)},
	}
	r, err := s.check(ctx, t)
	if err != nil {
		if fault.KindOf(err) == fault.Internal || errors.Is(err, ErrCrowded) {
			return StepUpProof{}, err
		}
		noted.refusal = err
		return StepUpProof{}, s.write(ctx, func(tx *db.Tx) error {
			if err := s.lockedNow(ctx, tx, t, r); err != nil {
				return err
			}
			return s.refuse(ctx, tx, noted)
		})
	}
	token := crypto.Secret(crypto.Token(proofBits))
	made := StepUpProof{Proof: token, Method: f.Method}
	err = s.write(ctx, func(tx *db.Tx) error {
		p, err := s.lockPrincipal(ctx, tx, t.who)
		if err != nil {
			return err
		}
		if err := s.settle(ctx, tx, p, r); err != nil {
			return err
		}
		policy, err := s.policyAt(ctx, tx.Now())
		if err != nil {
			return err
		}
		made.ExpiresAt = tx.Now().Add(policy.stepUpLife)
		row := proof{s.ring.TokenHash(token.Reveal()), t.who, string(by.Session), purpose, f.Method, made.ExpiresAt}
		if err := insertProof(ctx, tx, row); err != nil {
			return fmt.Errorf("keep proof: %w", err)
		}
		return s.record(ctx, tx, noted)
	})
	if err != nil {
		return StepUpProof{}, err
	}
	return made, nil
}

// UseProof consumes a proof in the transaction of the act that needs it: when the act is rolled back, the proof can be
// used again. With methods, only these are good enough; without, all but a code alone. Error: ErrStepUp.
func (s *Service) UseProof(ctx context.Context, tx *db.Tx, by act.By, purpose Purpose, token crypto.Secret, methods ...Method) error {
	if token == "" || len(token) > tokenMost || by.Session == "" {
		return ErrStepUp
	}
	if len(methods) == 0 {
		methods = []Method{MethodPassword, MethodPasswordAndCode, MethodPasskey, MethodPIN}
	}
	for _, hash := range s.ring.TokenHashes(token.Reveal()) {
		method, found, err := useProof(ctx, tx, proof{hash: hash, principal: Principal(by.Actor), session: string(by.Session), purpose: purpose})
		if err != nil {
			return fmt.Errorf("consume proof: %w", err)
		}
		if found && slices.Contains(methods, method) {
			return nil
		}
	}
	return ErrStepUp
}
