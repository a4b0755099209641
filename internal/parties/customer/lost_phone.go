package customer

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// PhoneReplacement is a person who has lost phone and device, from the code that went to the new phone to the new phone.
type PhoneReplacement struct {
	Code        auth.CodeAnswer // its purpose is auth.CodeLostPhone
	Name        string
	IDNumber    string
	Front, Back []byte // of the document: JPEG or PNG
	Face        []byte // JPEG or PNG
}

// papers are what a person shows who is not signed in.
type papers struct {
	name              Name
	number            IDNumber
	front, back, face []byte
}

// stranger is who showed the papers, if the bank knows him: his comparison, and the face that it has on file.
type stranger struct {
	verification
	known   []byte
	matches bool // false when nobody bears the number, or the bank knows him otherwise, without a face, or not any more
}

// ReplacePhone gives a person a new phone who can show nothing of what the bank gave him: neither phone nor session nor
// known device. He is known by document and face; auth then ends all sessions, forgets the devices, tells the old contacts
// and reduces the limits.
//
// Nobody learns who is a customer: attempts are counted before anybody is looked up, the provider is asked the same
// questions of everybody, and whoever is not recognised reads one answer.
// Errors: those of the code, of name, number and pictures, auth.ErrStrangerTries, ErrNotReverified, ErrProviderAway.
func (s *Service) ReplacePhone(ctx context.Context, by act.By, c auth.Client, r PhoneReplacement) error {
	r.Code.Purpose = auth.CodeLostPhone
	code, err := s.auth.CheckCode(ctx, by, r.Code)
	if err != nil {
		return err
	}
	shown, err := s.readPapers(ctx, r)
	if err != nil {
		return err
	}
	if err := s.auth.CountStranger(ctx, by, shown.number.Reveal()); err != nil {
		return err
	}
	who, err := s.meet(ctx, by, shown)
	if err != nil {
		return err
	}
	answer, err := s.askAboutStranger(ctx, who, shown)
	if err != nil {
		return ErrProviderAway.Because(err)
	}
	if !who.matches {
		return ErrNotReverified
	}
	at, err := s.reverified(ctx, by, who.verification, answer)
	if err != nil {
		return err
	}
	return s.auth.ReplaceLostPhone(ctx, by, c, auth.Reverified{Principal: auth.Principal(who.customer), Verification: who.id, At: at, Code: code})
}

// readPapers reads what was typed, and draws the pictures anew.
func (s *Service) readPapers(ctx context.Context, r PhoneReplacement) (papers, error) {
	name, number, err := s.readIdentity(r.Name, r.IDNumber)
	if err != nil {
		return papers{}, err
	}
	p := papers{name: name, number: number}
	for _, picture := range []struct {
		to      *[]byte
		from    []byte
		pointer string
	}{{&p.front, r.Front, "/documentFront"}, {&p.back, r.Back, "/documentBack"}, {&p.face, r.Face, "/faceImage"}} {
		if *picture.to, _, err = s.cleanImage(ctx, picture.from, picture.pointer); err != nil {
			return papers{}, err
		}
	}
	return p, nil
}

// meet looks for the bearer of the ID number, and keeps the attempt with him; of who is nobody nothing is kept but the
// record of the audit log. It is on no day: what strangers try does not count against the customer's own attempts.
func (s *Service) meet(ctx context.Context, by act.By, shown papers) (stranger, error) {
	var who stranger
	err := s.write(ctx, func(tx *db.Tx) error {
		who = stranger{verification: verification{
			id: id.New[id.Verification](tx.Now()), kind: onceMore, state: Submitted, step: StepFace, name: shown.name, number: shown.number,
			startedAt: tx.Now(), submittedAt: tx.Now(), askedAt: tx.Now(),
		}}
		refused := note{act: actReverify, subject: string(who.id), refused: ErrNotReverified}
		p, err := s.bearer(ctx, tx, "", "", shown.number)
		if errors.Is(err, ErrNotReverified) {
			return s.record(ctx, tx, by, "", refused)
		}
		if err != nil {
			return err
		}
		who.customer = p.id
		agreed, err := s.Agreed(ctx, tx, p.id, Biometrics)
		if err != nil {
			return err
		}
		who.matches = p.name == shown.name && p.face != "" && agreed && p.state != Closed
		if !who.matches {
			who.decide(Refused, ErrNotReverified.Code(), tx.Now())
			if err := s.record(ctx, tx, by, p.id, refused); err != nil {
				return err
			}
		}
		if err := s.insertVerification(ctx, tx, who.verification); err != nil {
			return err
		}
		who.known, err = s.picture(ctx, tx, p.id, p.face, who.matches)
		return err
	})
	return who, err
}

// askAboutStranger asks the provider whether the document is that of the name and number, and whether the face is the one
// on file. A face that the bank does not have is compared with the portrait of the document: the answer is not used, but
// it takes as long.
func (s *Service) askAboutStranger(ctx context.Context, who stranger, shown papers) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, reverifyWait)
	defer cancel()
	q := Question{Name: shown.name.Reveal(), Number: shown.number.Reveal(), AskedAt: who.askedAt}
	q.Key = string(who.id) + "/" + string(StepDocument)
	answer, err := askAgain(q, func(q Question) (Answer, error) { return s.provider.CheckDocument(ctx, q, shown.front, shown.back) })
	if err != nil || answer.Verdict != Agrees {
		return answer, err
	}
	earlier := who.known
	q.Key, q.Compared = string(who.id)+"/"+string(StepFace), WithFace
	if earlier == nil {
		earlier, q.Compared = shown.front, WithDocument
	}
	return askAgain(q, func(q Question) (Answer, error) { return s.provider.CompareFace(ctx, q, shown.face, earlier) })
}

// askAgain puts a question a second time to a provider that failed.
func askAgain(q Question, ask func(q Question) (Answer, error)) (Answer, error) {
	var failure error
	for q.Attempt = 1; q.Attempt <= reverifyTries; q.Attempt++ {
		answer, err := ask(q)
		if err == nil {
			return answer, nil
		}
		failure = err
	}
	return Answer{}, fmt.Errorf("ask provider %s: %w", q.Key, failure)
}
