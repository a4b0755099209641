package customer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrNotReverified is the one answer to whoever is not recognised, for whatever reason: nobody of that number, another
// name, another face, no face on file, a customer who has left. Nobody learns by it who is a customer.
var ErrNotReverified = fault.New(fault.Rejected, "customer.not_reverified")

const (
	reverifyWait  = 20 * time.Second // for the provider, while the person looks at the screen
	reverifyTries = 2
)

// Reverification is a person who shows document and face again, because a factor is lost.
type Reverification struct {
	Code     auth.Verified // that opened the way; zero when the person is signed in, or has lost the phone too
	Name     string
	IDNumber string
	Face     []byte // JPEG or PNG
}

// PasswordReset is a forgotten password, from the code to the new one.
type PasswordReset struct {
	Code     auth.CodeAnswer // its purpose is auth.CodePasswordReset
	Name     string
	IDNumber string
	Face     []byte
	Password crypto.Secret
}

// ResetPassword gives a new password to who has the contact, the document and the face of a customer; auth then ends
// all sessions and tells the old contacts. Errors: those of the code and the password, ErrNotReverified, ErrAttempts.
func (s *Service) ResetPassword(ctx context.Context, by act.By, c auth.Client, r PasswordReset) error {
	r.Code.Purpose = auth.CodePasswordReset
	code, err := s.auth.CheckCode(ctx, by, r.Code)
	if err != nil {
		return err
	}
	again, err := s.Reverify(ctx, by, Reverification{Code: code, Name: r.Name, IDNumber: r.IDNumber, Face: r.Face})
	if err != nil {
		return err
	}
	return s.auth.ChangePassword(ctx, by, c, auth.Evidence{Reverified: again}, r.Password)
}

// Reverify recognises a customer by document and face, and gives auth the evidence with which one factor can be changed,
// once and soon. The customer is the one who is signed in, the one whose contact answered the code, or the bearer of
// the ID number: where more than one is known, they must be the same. The provider is asked while the person waits.
// Errors: ErrName, those of ParseIDNumber and of pictures, ErrNotReverified, ErrAttempts, ErrProviderAway.
func (s *Service) Reverify(ctx context.Context, by act.By, r Reverification) (auth.Reverified, error) {
	name, number, err := s.readIdentity(r.Name, r.IDNumber)
	if err != nil {
		return auth.Reverified{}, err
	}
	face, _, err := s.cleanImage(ctx, r.Face, "/faceImage")
	if err != nil {
		return auth.Reverified{}, err
	}
	claimed, _ := r.Code.Principal()
	v := verification{kind: onceMore, state: Submitted, step: StepFace, name: name, number: number}
	known, err := s.recognise(ctx, by, id.Customer(claimed), &v)
	if err != nil {
		return auth.Reverified{}, err
	}
	answer, err := s.compare(ctx, v, face, known)
	if err != nil {
		return auth.Reverified{}, ErrProviderAway.Because(err)
	}
	at, err := s.reverified(ctx, by, v, answer)
	if err != nil {
		return auth.Reverified{}, err
	}
	return auth.Reverified{Principal: auth.Principal(v.customer), Verification: v.id, At: at, Code: r.Code}, nil
}

// recognise finds the customer by name and number, counts the attempt, and gives back the face that is on file. The new
// picture is compared and not kept.
func (s *Service) recognise(ctx context.Context, by act.By, claimed id.Customer, v *verification) ([]byte, error) {
	var known []byte
	err := s.write(ctx, func(tx *db.Tx) error {
		p, err := s.bearer(ctx, tx, by.Customer(), claimed, v.number)
		if err != nil {
			return err
		}
		on := s.days.Date(tx.Now())
		refusal, err := s.countedOut(ctx, tx, p, v.number, on)
		if err != nil {
			return err
		}
		v.id, v.customer = id.New[id.Verification](tx.Now()), p.id
		v.startedAt, v.submittedAt, v.submittedOn, v.askedAt = tx.Now(), tx.Now(), on, tx.Now()
		agreed, err := s.Agreed(ctx, tx, p.id, Biometrics)
		if err != nil {
			return err
		}
		matches := p.number == v.number && p.name == v.name
		if refusal == nil && (!matches || p.face == "" || !agreed || p.state == Closed) {
			refusal = ErrNotReverified
		}
		if refusal != nil {
			v.decide(Refused, fault.CodeOf(refusal), tx.Now())
			if err := s.insertVerification(ctx, tx, *v); err != nil {
				return err
			}
			if err := s.record(ctx, tx, by, p.id, note{act: actReverify, subject: string(v.id), refused: refusal}); err != nil {
				return err
			}
			return kept{refusal}
		}
		if err := s.insertVerification(ctx, tx, *v); err != nil {
			return err
		}
		known, err = s.picture(ctx, tx, p.id, p.face, true)
		return err
	})
	return known, err
}

// bearer is the customer who is meant, locked. ErrNotReverified when there is none, or more than one.
func (s *Service) bearer(ctx context.Context, tx *db.Tx, signedIn, claimed id.Customer, number IDNumber) (person, error) {
	meant := signedIn
	if meant == "" {
		meant = claimed
	}
	if meant == "" {
		holders, err := listIdentities(ctx, tx, s.numberIndexes(number))
		if err != nil {
			return person{}, fmt.Errorf("find bearer of ID number: %w", err)
		}
		if len(holders) != 1 {
			return person{}, ErrNotReverified
		}
		meant = holders[0]
	}
	if claimed != "" && claimed != meant {
		return person{}, ErrNotReverified
	}
	p, err := s.lock(ctx, tx, meant)
	if errors.Is(err, ErrUnknown) {
		err = ErrNotReverified
	}
	return p, err
}

// compare asks the provider about the face, outside any transaction.
func (s *Service) compare(ctx context.Context, v verification, face, known []byte) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, reverifyWait)
	defer cancel()
	q := Question{
		Key: string(v.id) + "/" + string(v.step), Name: v.name.Reveal(), Number: v.number.Reveal(), AskedAt: v.askedAt,
		Compared: WithFace,
	}
	return askAgain(q, func(q Question) (Answer, error) { return s.provider.CompareFace(ctx, q, face, known) })
}

// reverified keeps what the provider said. An unsure provider is a refusal: a factor is not changed on a guess.
func (s *Service) reverified(ctx context.Context, by act.By, v verification, a Answer) (time.Time, error) {
	var at time.Time
	err := s.write(ctx, func(tx *db.Tx) error {
		n := note{act: actReverify, subject: string(v.id), detail: map[string]string{"provider": s.provider.Name()}}
		at = tx.Now()
		v.decide(Passed, "", at)
		if a.Verdict != Agrees {
			n.refused = ErrNotReverified
			v.decide(Refused, ErrNotReverified.Code(), at)
		}
		if err := saveVerification(ctx, tx, v); err != nil {
			return err
		}
		if err := s.record(ctx, tx, by, v.customer, n); err != nil {
			return err
		}
		if n.refused != nil {
			return kept{n.refused}
		}
		return nil
	})
	return at, err
}
