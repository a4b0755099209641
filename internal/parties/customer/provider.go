package customer

import (
	"context"
	"time"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

// Provider answers whether a name, a number, a document and a face belong together: the population register, a card
// reader, a face service. It may answer at once, later, or leave the decision to a person; it may fail, and is then
// asked again. It is never asked inside a transaction, and the same question under one key has one answer.
type Provider interface {
	// Name says who answered; Simulated is no real one.
	Name() string
	// CheckIdentity asks whether a name and a number belong together.
	CheckIdentity(ctx context.Context, q Question) (Answer, error)
	// CheckDocument asks whether two pictures show the document of that name and number.
	CheckDocument(ctx context.Context, q Question, front, back []byte) (Answer, error)
	// CompareFace asks whether a face is a living person's and the one of an earlier picture: the document's portrait, or
	// the face of the last verification.
	CompareFace(ctx context.Context, q Question, face, earlier []byte) (Answer, error)
}

// Question is what all questions have in common.
type Question struct {
	Key      string    // of this question: the verification and its step
	Name     string    // as the document writes it
	Number   string    // of 18 characters
	AskedAt  time.Time // when it was first asked
	Attempt  int       // 1 for the first, more after failures
	Compared Compared  // what the earlier picture of CompareFace is
}

// Compared says what a face is compared with.
type Compared string

// What a face is compared with.
const (
	WithDocument Compared = "document" // the portrait on the front of the document
	WithFace     Compared = "face"     // the face of the last verification
)

// Verdict is the provider's answer.
type Verdict string

// The verdicts.
const (
	Agrees  Verdict = "agrees"
	Differs Verdict = "differs" // Code says what
	Unsure  Verdict = "unsure"  // a person has to look; ask again after a while when After says so
	Later   Verdict = "later"   // ask again after a while
)

// Answer is what a provider says.
type Answer struct {
	Verdict Verdict
	Code    string        // of one of the faults below, when it differs
	After   time.Duration // when to ask again
}

// Why a verification is refused. The text of each tells the customer what to do.
var (
	// ErrNotVerified is the answer that says nothing: the bank cannot verify the person this way. It also stands for an ID
	// number that is another customer's already, which nobody is told.
	ErrNotVerified = fault.New(fault.Rejected, "customer.not_verified")
	// ErrNumberDiffers says that name and number do not belong together.
	ErrNumberDiffers = fault.New(fault.Rejected, "customer.name_number_differ")
	// ErrDocumentUnreadable says that a picture does not show a document.
	ErrDocumentUnreadable = fault.New(fault.Rejected, "customer.document_unreadable")
	// ErrDocumentSides says that both pictures show the same side.
	ErrDocumentSides = fault.New(fault.Rejected, "customer.document_same_side")
	// ErrDocumentDiffers says that the document is of another name or number.
	ErrDocumentDiffers = fault.New(fault.Rejected, "customer.document_differs")
	// ErrNoFace says that the picture shows no face.
	ErrNoFace = fault.New(fault.Rejected, "customer.no_face")
	// ErrFaceDiffers says that the face is another person's.
	ErrFaceDiffers = fault.New(fault.Rejected, "customer.face_differs")
	// ErrProviderAway says that the provider does not answer now.
	ErrProviderAway = fault.New(fault.Busy, "customer.provider_away").Wait(time.Minute)
)

// refusals are the codes that a provider may give; any other becomes ErrNotVerified.
func refusals() []*fault.Error {
	return []*fault.Error{
		ErrNotVerified, ErrNumberDiffers, ErrDocumentUnreadable, ErrDocumentSides, ErrDocumentDiffers, ErrNoFace, ErrFaceDiffers,
	}
}

// refusal is the fault of an answer that differs.
func (a Answer) refusal() *fault.Error {
	for _, known := range refusals() {
		if known.Code() == a.Code {
			return known
		}
	}
	return ErrNotVerified
}
