package customer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Why a verification waits for a person.
const (
	reviewUnsure = "customer.review_unsure" // the provider is not sure
	reviewSilent = "customer.review_silent" // the provider has not answered for two days
	reviewAway   = "customer.review_away"   // the provider failed too often
)

// ErrIdentityTaken says that an ID number is another customer's. It stands in the audit log; the person reads
// ErrNotVerified.
var ErrIdentityTaken = fault.New(fault.Conflict, "customer.identity_taken")

const (
	stepsMost   = 8              // questions of one run: there are three steps
	silenceMost = 48 * time.Hour // then a person looks
	pauseLeast  = time.Second    // before the same question is asked again
	pauseMost   = time.Hour
)

type verifyPayload struct {
	Verification id.Verification `json:"verification"`
}

// question is one step of a verification, as it is put to the provider.
type question struct {
	verification
	front, back, face []byte
}

// verify is the job that asks the provider, step by step, until it is done or has to wait. Two runs at the same time
// do no harm: an answer counts once, for the step that it was asked for.
func (s *Service) verify(ctx context.Context, j job.Job) error {
	var payload verifyPayload
	if err := j.Payload(&payload); err != nil {
		return err
	}
	for range stepsMost {
		q, waiting, err := s.question(ctx, payload.Verification)
		if err != nil || !waiting {
			return err
		}
		answer, err := s.ask(ctx, q, j.Attempt)
		if err != nil {
			return s.providerFailed(ctx, q, j, err)
		}
		again, err := s.answered(ctx, act.Job(jobVerify), q, answer)
		if err != nil || !again {
			return err
		}
	}
	return nil
}

// question reads what the provider is asked next; false when nothing is.
func (s *Service) question(ctx context.Context, v id.Verification) (question, bool, error) {
	var q question
	waiting := false
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		row, found, err := s.findVerification(ctx, tx, v)
		if err != nil || !found || !row.waits() {
			return err
		}
		q, waiting = question{verification: row}, true
		if q.front, err = s.picture(ctx, tx, row.customer, row.front, row.step != StepIdentity); err != nil {
			return err
		}
		if q.back, err = s.picture(ctx, tx, row.customer, row.back, row.step == StepDocument); err != nil {
			return err
		}
		q.face, err = s.picture(ctx, tx, row.customer, row.face, row.step == StepFace)
		return err
	})
	if err != nil {
		return question{}, false, fmt.Errorf("read verification %s: %w", v, err)
	}
	return q, waiting, nil
}

// picture reads a picture when it is wanted.
func (s *Service) picture(ctx context.Context, tx *db.Tx, owner id.Customer, b id.Blob, wanted bool) ([]byte, error) {
	if !wanted || b == "" {
		return nil, nil
	}
	kept, err := s.blobs.Get(ctx, tx, string(owner), string(b))
	return kept.Content, err
}

// ask puts one question to the provider, outside any transaction.
func (s *Service) ask(ctx context.Context, q question, attempt int) (Answer, error) {
	asked := Question{
		Key: string(q.id) + "/" + string(q.step), Name: q.name.Reveal(), Number: q.number.Reveal(), AskedAt: q.askedAt,
		Attempt: attempt, Compared: WithDocument,
	}
	switch q.step {
	case StepDocument:
		return s.provider.CheckDocument(ctx, asked, q.front, q.back)
	case StepFace:
		return s.provider.CompareFace(ctx, asked, q.face, q.front)
	default:
		return s.provider.CheckIdentity(ctx, asked)
	}
}

// providerFailed has the job run again, or hands the verification to a person when it has failed too often.
func (s *Service) providerFailed(ctx context.Context, q question, j job.Job, failure error) error {
	if !j.Last {
		return fmt.Errorf("ask provider about %s: %w", q.id, failure)
	}
	return s.underWay(ctx, q, func(tx *db.Tx, _ *person, v *verification) error {
		v.tries++
		return s.handToPerson(ctx, tx, act.Job(jobVerify), v, reviewAway)
	})
}

// underWay locks customer and verification and lets fn go on with them, unless the question has been answered
// meanwhile.
func (s *Service) underWay(ctx context.Context, q question, fn func(tx *db.Tx, p *person, v *verification) error) error {
	return s.write(ctx, func(tx *db.Tx) error {
		p, err := s.lock(ctx, tx, q.customer)
		if err != nil {
			return err
		}
		v, found, err := s.findVerification(ctx, tx, q.id)
		if err != nil || !found || !v.waits() || v.step != q.step {
			return err
		}
		if p.state == Closed {
			return s.abandon(ctx, tx, v)
		}
		if err := fn(tx, &p, &v); err != nil {
			return err
		}
		if err := saveVerification(ctx, tx, v); err != nil {
			return err
		}
		return s.save(ctx, tx, p)
	})
}

// answered applies an answer, and reports whether the next question can be asked at once.
func (s *Service) answered(ctx context.Context, by act.By, q question, a Answer) (again bool, err error) {
	err = s.underWay(ctx, q, func(tx *db.Tx, p *person, v *verification) error {
		again = false
		switch a.Verdict {
		case Agrees:
			again, err = s.agreed(ctx, tx, by, p, v)
			return err
		case Differs:
			return s.refuse(ctx, tx, by, v, a.refusal(), a.refusal())
		case Unsure:
			if v.state != ManualReview {
				if err := s.handToPerson(ctx, tx, by, v, reviewUnsure); err != nil {
					return err
				}
			}
			if a.After <= 0 {
				return nil
			}
		case Later:
			if tx.Now().After(v.askedAt.Add(silenceMost)) {
				return s.handToPerson(ctx, tx, by, v, reviewSilent)
			}
		default:
			return fmt.Errorf("provider %s answered %q", s.provider.Name(), a.Verdict)
		}
		return s.askLater(ctx, tx, v.id, tx.Now().Add(min(max(a.After, pauseLeast), pauseMost)))
	})
	return again, err
}

// agreed takes one step as answered: it raises the level, and goes on or ends.
func (s *Service) agreed(ctx context.Context, tx *db.Tx, by act.By, p *person, v *verification) (again bool, err error) {
	if v.step == StepIdentity {
		err := s.claim(ctx, tx, v.number, p.id)
		if errors.Is(err, ErrIdentityTaken) {
			return false, s.refuse(ctx, tx, by, v, ErrNotVerified, ErrIdentityTaken)
		}
		if err != nil {
			return false, err
		}
	}
	if v.step.level() > p.level {
		p.know(v.step.level(), v.name, v.number)
		err = s.publish(ctx, tx, by, p, event.CustomerVerified{
			Customer: p.id, Verification: v.id, Level: levelName(p.level),
		})
		if err != nil {
			return false, err
		}
		err = s.record(ctx, tx, by, p.id, note{act: actVerify, subject: string(v.id), detail: map[string]string{
			"step": string(v.step), "provider": s.provider.Name(),
		}})
		if err != nil {
			return false, err
		}
	}
	if v.step == StepFace {
		if err := s.enrol(ctx, tx, p, v.face); err != nil {
			return false, err
		}
	}
	if next, more := v.next(); more {
		v.step, v.tries, v.askedAt, v.state, v.reason = next, 0, tx.Now(), Submitted, ""
		return true, nil
	}
	v.decide(Passed, "", tx.Now())
	return false, s.tell(ctx, tx, p.id, TemplateVerified, nil)
}

// enrol keeps a face as the one that later faces are compared with, unless the consent was taken back while the provider
// was asked.
func (s *Service) enrol(ctx context.Context, tx *db.Tx, p *person, face id.Blob) error {
	agreed, err := s.Agreed(ctx, tx, p.id, Biometrics)
	if err != nil {
		return err
	}
	if !agreed {
		return s.forget(ctx, tx, p.id, face)
	}
	p.face = face
	return nil
}

// refuse ends a verification; the person is told one reason and the audit log another, where the true one is not his.
func (s *Service) refuse(ctx context.Context, tx *db.Tx, by act.By, v *verification, told, truth *fault.Error) error {
	v.decide(Refused, told.Code(), tx.Now())
	err := s.record(ctx, tx, by, v.customer, note{act: actVerify, subject: string(v.id), refused: truth, detail: map[string]string{
		"step": string(v.step), "provider": s.provider.Name(),
	}})
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, v.customer, TemplateRefused, nil)
}

// handToPerson makes a case of the verification.
func (s *Service) handToPerson(ctx context.Context, tx *db.Tx, by act.By, v *verification, reason string) error {
	v.review(reason)
	err := s.record(ctx, tx, by, v.customer, note{act: actVerify, subject: string(v.id), detail: map[string]string{
		"step": string(v.step), "provider": s.provider.Name(), "review": reason,
	}})
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, v.customer, TemplateReview, nil)
}

// levelName is a level as facts carry it.
func levelName(l Level) string {
	return [...]string{"none", "number", "document", "face"}[l]
}

// claim makes a customer the bearer of an ID number. Two who claim it at the same time wait for each other at the
// insert, and the second look, a statement of its own, shows the loser who was first: ErrIdentityTaken.
func (s *Service) claim(ctx context.Context, tx *db.Tx, number IDNumber, customer id.Customer) error {
	indexes := s.numberIndexes(number)
	if err := anothers(ctx, tx, indexes, customer); err != nil {
		return err
	}
	if err := insertIdentity(ctx, tx, indexes[0], customer); err != nil {
		return fmt.Errorf("claim ID number: %w", err)
	}
	return anothers(ctx, tx, indexes, customer)
}

// anothers refuses an ID number that somebody else bears, under any generation of the index.
func anothers(ctx context.Context, tx *db.Tx, indexes [][]byte, customer id.Customer) error {
	holders, err := listIdentities(ctx, tx, indexes)
	if err != nil {
		return fmt.Errorf("find bearer of ID number: %w", err)
	}
	for _, holder := range holders {
		if holder != customer {
			return ErrIdentityTaken
		}
	}
	return nil
}
