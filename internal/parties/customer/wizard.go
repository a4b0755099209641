package customer

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Verification is the newest way of the customer through the wizard.
func (s *Service) Verification(ctx context.Context, by act.By) (Verification, error) {
	var shown Verification
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		shown, err = s.VerificationIn(ctx, tx, by.Customer())
		return err
	})
	return shown, err
}

// VerificationIn is Verification in the caller's view of the database.
func (s *Service) VerificationIn(ctx context.Context, tx *db.Tx, customer id.Customer) (Verification, error) {
	p, err := s.person(ctx, tx, customer)
	if err != nil {
		return Verification{}, err
	}
	return s.progress(ctx, tx, p)
}

func (s *Service) progress(ctx context.Context, tx *db.Tx, p person) (Verification, error) {
	on := s.days.Date(tx.Now())
	most, err := s.rules.Int(ctx, ruleAttempts, on)
	if err != nil {
		return Verification{}, err
	}
	used, err := countAttempts(ctx, tx, p.id, on)
	if err != nil {
		return Verification{}, err
	}
	v, found, err := s.newest(ctx, tx, p.id)
	if err != nil {
		return Verification{}, err
	}
	if found && v.collects() {
		expired, err := s.expired(ctx, tx, v)
		if err != nil {
			return Verification{}, err
		}
		found = !expired
	}
	shown := Verification{State: NotStarted, Level: p.level, AttemptsLeft: max(most-used, 0)}
	if !found {
		return shown, nil
	}
	shown.ID, shown.State = v.id, v.state
	shown.HasFront, shown.HasBack, shown.HasFace = v.front != "", v.back != "", v.face != ""
	shown.StartedAt, shown.SubmittedAt, shown.DecidedAt = v.startedAt, v.submittedAt, v.decidedAt
	if v.state == Refused {
		shown.Code = v.reason
	}
	return shown, nil
}

// expired reports whether an unfinished verification has been left lying too long.
func (s *Service) expired(ctx context.Context, tx *db.Tx, v verification) (bool, error) {
	life, err := s.rules.Duration(ctx, ruleLife, s.days.Date(tx.Now()))
	return tx.Now().After(v.startedAt.Add(life)), err
}

// StartVerification begins with name and ID number; what was begun and not submitted is begun anew. A verified customer
// who wants a higher level gives the same name and number again.
// Errors: ErrName, those of ParseIDNumber, ErrGuardian, ErrChild, ErrVerified, ErrUnderWay, ErrIdentityFixed.
func (s *Service) StartVerification(ctx context.Context, by act.By, name, idNumber string) (Verification, error) {
	full, number, err := s.readIdentity(name, idNumber)
	if err != nil {
		return Verification{}, err
	}
	return s.step(ctx, by, func(tx *db.Tx, p *person) error {
		switch {
		case p.level == LevelFace && p.face != "":
			return ErrVerified
		case p.level > LevelNone && (p.number != number || p.name != full):
			return ErrIdentityFixed
		}
		old, found, err := s.newest(ctx, tx, p.id)
		switch {
		case err != nil:
			return err
		case found && old.waits():
			return ErrUnderWay
		case found && old.collects():
			if err := s.abandon(ctx, tx, old); err != nil {
				return err
			}
		}
		if err := s.checkAge(ctx, number, s.days.Date(tx.Now())); err != nil {
			return err
		}
		v := verification{
			id: id.New[id.Verification](tx.Now()), customer: p.id, kind: firstTime, state: Started, step: StepIdentity,
			name: full, number: number, startedAt: tx.Now(),
		}
		if err := s.insertVerification(ctx, tx, v); err != nil {
			return err
		}
		return s.record(ctx, tx, by, p.id, note{act: actVerifyStart, subject: string(v.id)})
	})
}

// readIdentity reads name and ID number as typed.
func (s *Service) readIdentity(name, idNumber string) (Name, IDNumber, error) {
	full, err := NewName(name)
	if err != nil {
		return Name{}, IDNumber{}, ErrName.At("/name")
	}
	number, err := ParseIDNumber(idNumber, s.today())
	if err != nil {
		if f, ok := fault.From(err); ok {
			err = f.At("/idNumber")
		}
		return Name{}, IDNumber{}, err
	}
	return full, number, nil
}

// checkAge refuses who may not act alone. Nothing of a child's data is kept.
func (s *Service) checkAge(ctx context.Context, number IDNumber, on clock.Date) error {
	child, err := s.rules.Int(ctx, ruleChild, on)
	if err != nil {
		return err
	}
	alone, err := s.rules.Int(ctx, ruleAlone, on)
	if err != nil {
		return err
	}
	switch age := int64(number.Age(on)); {
	case age < child:
		return ErrChild.With("years", strconv.FormatInt(child, 10))
	case age < alone:
		return ErrGuardian.With("years", strconv.FormatInt(alone, 10))
	}
	return nil
}

// AddDocument keeps the picture of one side. A picture that is sent again replaces the first.
// Errors: ErrSide, those of blob.CleanImage, ErrNoVerification, ErrUnderWay.
func (s *Service) AddDocument(ctx context.Context, by act.By, side Side, image []byte) (Verification, error) {
	if side != Front && side != Back {
		return Verification{}, ErrSide.At("/side")
	}
	clean, kind, err := s.cleanImage(ctx, image, "/image")
	if err != nil {
		return Verification{}, err
	}
	return s.collect(ctx, by, actVerifyDocument, func(tx *db.Tx, v *verification) error {
		picture, err := s.replace(ctx, tx, v.of(side), blob.New{
			Owner: string(v.customer), Kind: "customer.document_" + string(side), ContentType: kind, Content: clean,
		})
		if err != nil {
			return err
		}
		return v.attach(side, picture)
	})
}

// AddFace keeps the picture of the face. It needs both sides of the document before it, and the separate consent to
// the use of biometrics (PIPL art. 29). Errors: those of blob.CleanImage, ErrConsentMissing, ErrStep, ErrNoVerification, ErrUnderWay.
func (s *Service) AddFace(ctx context.Context, by act.By, image []byte) (Verification, error) {
	clean, kind, err := s.cleanImage(ctx, image, "/image")
	if err != nil {
		return Verification{}, err
	}
	return s.collect(ctx, by, actVerifyFace, func(tx *db.Tx, v *verification) error {
		if v.state == Started {
			return ErrStep
		}
		agreed, err := s.Agreed(ctx, tx, v.customer, Biometrics)
		if err != nil {
			return err
		}
		if !agreed {
			return ErrConsentMissing.With("purpose", string(Biometrics))
		}
		picture, err := s.replace(ctx, tx, v.face, blob.New{
			Owner: string(v.customer), Kind: "customer.face", ContentType: kind, Content: clean,
		})
		if err != nil {
			return err
		}
		return v.attachFace(picture)
	})
}

// replace keeps a picture in the place of another, which is deleted.
func (s *Service) replace(ctx context.Context, tx *db.Tx, old id.Blob, b blob.New) (id.Blob, error) {
	if err := s.forget(ctx, tx, id.Customer(b.Owner), old); err != nil {
		return "", err
	}
	kept, err := s.blobs.Put(ctx, tx, b)
	if err != nil {
		return "", fmt.Errorf("keep picture: %w", err)
	}
	return id.Blob(kept), nil
}

// forget deletes pictures that nothing needs any more.
func (s *Service) forget(ctx context.Context, tx *db.Tx, owner id.Customer, pictures ...id.Blob) error {
	for _, picture := range pictures {
		if picture == "" {
			continue
		}
		err := s.blobs.Delete(ctx, tx, string(owner), string(picture))
		if err != nil && !errors.Is(err, blob.ErrNotFound) {
			return fmt.Errorf("delete picture: %w", err)
		}
	}
	return nil
}

// abandon ends an unfinished verification and deletes its pictures.
func (s *Service) abandon(ctx context.Context, tx *db.Tx, v verification) error {
	if err := s.forget(ctx, tx, v.customer, v.front, v.back, v.face); err != nil {
		return err
	}
	v.front, v.back, v.face = "", "", ""
	v.decide(Abandoned, "", tx.Now())
	return saveVerification(ctx, tx, v)
}

// cleanImage draws a picture anew; what is wrong with it is said of the field that the pointer names. That takes up to some hundred megabytes, so few are drawn at the same time.
func (s *Service) cleanImage(ctx context.Context, image []byte, pointer string) (clean []byte, kind string, err error) {
	waiting, cancel := context.WithTimeout(ctx, easelWait)
	defer cancel()
	select {
	case s.easels <- struct{}{}:
		defer func() { <-s.easels }()
	case <-waiting.Done():
		return nil, "", ErrCrowded
	}
	clean, kind, err = blob.CleanImage(image)
	if f, ok := fault.From(err); ok {
		return nil, "", f.At(pointer)
	}
	return clean, kind, err
}

// SubmitVerification hands over what was collected: name and number lead to level 1, with both sides of the document
// to 2, with the face to 3. A job asks the provider; a message tells what came of it. The attempts of a day are counted
// for the customer and, over all customers, for the ID number.
// Errors: ErrNoVerification, ErrUnderWay, ErrStep, ErrAttempts.
func (s *Service) SubmitVerification(ctx context.Context, by act.By) (Verification, error) {
	return s.step(ctx, by, func(tx *db.Tx, p *person) error {
		v, err := s.unfinished(ctx, tx, p.id)
		if err != nil {
			return err
		}
		if newFace := v.state == Face && p.face == ""; v.level() <= p.level && !newFace {
			return ErrStep
		}
		on := s.days.Date(tx.Now())
		if refusal, err := s.countedOut(ctx, tx, *p, v.number, on); err != nil || refusal != nil {
			if err != nil {
				return err
			}
			if err := s.record(ctx, tx, by, p.id, note{act: actVerifySubmit, subject: string(v.id), refused: refusal}); err != nil {
				return err
			}
			return kept{refusal}
		}
		if err := v.submit(tx.Now(), on); err != nil {
			return err
		}
		if err := saveVerification(ctx, tx, v); err != nil {
			return err
		}
		if err := s.askLater(ctx, tx, v.id, time.Time{}); err != nil {
			return err
		}
		return s.record(ctx, tx, by, p.id, note{act: actVerifySubmit, subject: string(v.id)})
	})
}

// countedOut says whether the attempts of a day are used up, by this customer or for this ID number. What others try with
// a number does not count against the customer whom the bank knows by it: nobody can keep him from his account.
func (s *Service) countedOut(ctx context.Context, tx *db.Tx, p person, number IDNumber, on clock.Date) (refusal, err error) {
	most, err := s.rules.Int(ctx, ruleAttempts, on)
	if err != nil {
		return nil, err
	}
	used, err := countAttempts(ctx, tx, p.id, on)
	if err != nil {
		return nil, err
	}
	if p.number != number {
		tried, err := countNumber(ctx, tx, s.numberIndexes(number), on)
		if err != nil {
			return nil, err
		}
		used = max(used, tried)
	}
	if used >= most {
		return ErrAttempts, nil
	}
	return nil, nil
}

// collect adds a picture to the unfinished verification of the customer who acts.
func (s *Service) collect(ctx context.Context, by act.By, name string, add func(tx *db.Tx, v *verification) error) (Verification, error) {
	return s.step(ctx, by, func(tx *db.Tx, p *person) error {
		v, err := s.unfinished(ctx, tx, p.id)
		if err != nil {
			return err
		}
		if err := v.take(); err != nil {
			return err
		}
		if err := add(tx, &v); err != nil {
			return err
		}
		if err := saveVerification(ctx, tx, v); err != nil {
			return err
		}
		return s.record(ctx, tx, by, p.id, note{act: name, subject: string(v.id)})
	})
}

// step is one act of the wizard: it locks the customer, who may be frozen by himself and still verify.
func (s *Service) step(ctx context.Context, by act.By, fn func(tx *db.Tx, p *person) error) (Verification, error) {
	var shown Verification
	_, err := s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if p.state == Closing || p.state == Closed {
			return p.blocked()
		}
		if err := fn(tx, p); err != nil {
			return err
		}
		var err error
		shown, err = s.progress(ctx, tx, *p)
		return err
	})
	return shown, err
}

// unfinished is the verification that a customer is working on.
func (s *Service) unfinished(ctx context.Context, tx *db.Tx, customer id.Customer) (verification, error) {
	v, found, err := s.newest(ctx, tx, customer)
	switch {
	case err != nil:
		return verification{}, err
	case found && v.waits():
		return verification{}, ErrUnderWay
	case !found || !v.collects():
		return verification{}, ErrNoVerification
	}
	expired, err := s.expired(ctx, tx, v)
	if err == nil && expired {
		err = ErrNoVerification
	}
	return v, err
}

// askLater has a job ask the provider, at once when the instant is zero.
func (s *Service) askLater(ctx context.Context, tx *db.Tx, v id.Verification, at time.Time) error {
	err := s.jobs.Enqueue(ctx, tx, job.Request{Kind: jobVerify, Payload: verifyPayload{Verification: v}, RunAt: at})
	if err != nil {
		return fmt.Errorf("ask provider later: %w", err)
	}
	return nil
}
