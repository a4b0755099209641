package customer

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // pictures arrive as JPEG
	_ "image/png"  // or PNG
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// Simulated is the name of the built-in provider. A production bank refuses to start with it.
const Simulated = "simulator"

// Simulator stands in for a provider where there is none: it believes what it is shown, and behaves like a real one
// otherwise. It knows nobody, reads no text and recognises no face; it finds empty pictures, one side sent twice, and
// a later face that looks nothing like the first. It remembers nothing: the same question gets the same answer, whoever
// asks and however often.
//
// The serial of an ID number (characters 15 to 17) makes it do what providers do on bad days:
//
//	980  the register refuses and does not say why      985  the register fails at the first two attempts
//	981  name and number do not belong together         986  the document is another person's
//	982  the register answers after twenty seconds      987  the face is another person's
//	983  a person at the provider decides, and agrees    988  a person decides about the face, and refuses
//	984  a person at the bank must decide               989  the face service is away for good
type Simulator struct {
	clock clock.Clock
	delay time.Duration
}

// NewSimulator makes a simulator that takes a while for each answer.
func NewSimulator(c clock.Clock, delay time.Duration) *Simulator {
	return &Simulator{clock: c, delay: delay}
}

var _ Provider = (*Simulator)(nil)

var errSimulated = errors.New("simulated failure of the provider")

const (
	simulatedLate   = 20 * time.Second // how long late answers take
	simulatedReview = 30 * time.Second // how long people at the provider take
)

// Name is Simulated.
func (*Simulator) Name() string { return Simulated }

// CheckIdentity believes any name and number, but for the serials above.
func (s *Simulator) CheckIdentity(ctx context.Context, q Question) (Answer, error) {
	if err := s.wait(ctx); err != nil {
		return Answer{}, err
	}
	const failures = 2
	switch serial(q.Number) {
	case "980":
		return differs(ErrNotVerified.Code()), nil
	case "981":
		return differs(ErrNumberDiffers.Code()), nil
	case "982":
		return s.after(q, simulatedLate, Later, Answer{Verdict: Agrees}), nil
	case "983":
		return s.after(q, simulatedReview, Unsure, Answer{Verdict: Agrees}), nil
	case "984":
		return Answer{Verdict: Unsure}, nil
	case "985":
		if q.Attempt <= failures {
			return Answer{}, errSimulated
		}
	}
	return Answer{Verdict: Agrees}, nil
}

// CheckDocument wants two pictures that show something, and not the same.
func (s *Simulator) CheckDocument(ctx context.Context, q Question, front, back []byte) (Answer, error) {
	if err := s.wait(ctx); err != nil {
		return Answer{}, err
	}
	one, oneErr := readPortrait(front)
	other, otherErr := readPortrait(back)
	switch {
	case oneErr != nil || otherErr != nil || one.empty() || other.empty():
		return differs(ErrDocumentUnreadable.Code()), nil
	case bytes.Equal(front, back):
		return differs(ErrDocumentSides.Code()), nil
	case serial(q.Number) == "986":
		return differs(ErrDocumentDiffers.Code()), nil
	}
	return Answer{Verdict: Agrees}, nil
}

// CompareFace wants a picture that shows something, and, when there is an earlier face, one that resembles it.
func (s *Simulator) CompareFace(ctx context.Context, q Question, face, earlier []byte) (Answer, error) {
	if err := s.wait(ctx); err != nil {
		return Answer{}, err
	}
	shown, err := readPortrait(face)
	if err != nil || shown.empty() {
		return differs(ErrNoFace.Code()), nil
	}
	switch serial(q.Number) {
	case "987":
		return differs(ErrFaceDiffers.Code()), nil
	case "988":
		return s.after(q, simulatedReview, Unsure, differs(ErrFaceDiffers.Code())), nil
	case "989":
		return Answer{}, errSimulated
	}
	if q.Compared == WithFace {
		known, err := readPortrait(earlier)
		if err != nil || !shown.resembles(known) {
			return differs(ErrFaceDiffers.Code()), nil
		}
	}
	return Answer{Verdict: Agrees}, nil
}

func differs(code string) Answer { return Answer{Verdict: Differs, Code: code} }

// after gives the final answer once so much time has passed since the question, and a preliminary one until then.
func (s *Simulator) after(q Question, wait time.Duration, until Verdict, final Answer) Answer {
	left := q.AskedAt.Add(wait).Sub(s.clock.Now())
	if left <= 0 {
		return final
	}
	return Answer{Verdict: until, After: left}
}

func (s *Simulator) wait(ctx context.Context) error {
	if s.delay <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(s.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func serial(number string) string {
	const from, to = 14, 17
	if len(number) != idNumberLength {
		return ""
	}
	return number[from:to]
}

// portrait is a picture reduced to the brightness of 8×8 fields.
type portrait [portraitSide * portraitSide]int64

const portraitSide = 8

func readPortrait(content []byte) (portrait, error) {
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return portrait{}, err
	}
	const samples = 8 // of a field, in each direction
	var p portrait
	bounds := picture.Bounds()
	for y := range portraitSide * samples {
		for x := range portraitSide * samples {
			at := image.Pt(
				bounds.Min.X+x*bounds.Dx()/(portraitSide*samples),
				bounds.Min.Y+y*bounds.Dy()/(portraitSide*samples))
			r, g, b, _ := picture.At(at.X, at.Y).RGBA()
			p[y/samples*portraitSide+x/samples] += int64(299*(r>>8)+587*(g>>8)+114*(b>>8)) / 1000
		}
	}
	for i := range p {
		p[i] /= samples * samples
	}
	return p, nil
}

// empty reports whether the picture is of one brightness: a wall, a covered lens.
func (p portrait) empty() bool {
	const contrastLeast = 12 // of 255
	least, most := p[0], p[0]
	for _, v := range p {
		least, most = min(least, v), max(most, v)
	}
	return most-least < contrastLeast
}

// resembles reports whether bright and dark lie alike: the correlation of the fields is at least one half.
func (p portrait) resembles(other portrait) bool {
	const fields = portraitSide * portraitSide
	var sum, otherSum int64
	for i := range p {
		sum += p[i]
		otherSum += other[i]
	}
	var both, own, others int64
	for i := range p {
		a, b := fields*p[i]-sum, fields*other[i]-otherSum
		both += a * b
		own += a * a
		others += b * b
	}
	both, own, others = both>>16, own>>16, others>>16 // far from the end of 64 bits once multiplied
	return both > 0 && 4*both*both >= own*others
}
