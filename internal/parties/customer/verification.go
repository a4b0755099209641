package customer

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// What keeps a person from the next step of the wizard.
var (
	// ErrVerified says that there is nothing left to verify.
	ErrVerified = fault.New(fault.Conflict, "customer.already_verified")
	// ErrUnderWay says that the provider is being asked already.
	ErrUnderWay = fault.New(fault.Conflict, "customer.verification_under_way")
	// ErrNoVerification says that no verification was begun, or that it was begun too long ago.
	ErrNoVerification = fault.New(fault.Conflict, "customer.no_verification")
	// ErrStep says that an earlier step is missing.
	ErrStep = fault.New(fault.Conflict, "customer.wrong_step")
	// ErrAttempts says that the attempts of the day are used up.
	ErrAttempts = fault.New(fault.Rejected, "customer.too_many_attempts")
	// ErrIdentityFixed says that the bank knows this customer under another name or number.
	ErrIdentityFixed = fault.New(fault.Rejected, "customer.identity_fixed")
	// ErrGuardian says that the person is too young to act alone.
	ErrGuardian = fault.New(fault.Rejected, "customer.guardian_needed")
	// ErrChild says that the person's data may not be kept without a guardian's consent (PIPL art. 31).
	ErrChild = fault.New(fault.Rejected, "customer.guardian_consent_needed")
	// ErrPictures says that pictures were replaced too often: begin anew.
	ErrPictures = fault.New(fault.Rejected, "customer.too_many_pictures")
	// ErrCrowded says that too many pictures are being read; nothing was counted.
	ErrCrowded = fault.New(fault.Busy, "customer.crowded").Wait(2 * time.Second)
	// ErrSide refuses a side that no document has.
	ErrSide = fault.New(fault.Invalid, "customer.bad_side")
)

// The figures of this file, as records/rule keeps them.
const (
	ruleAttempts = "customer.verification.daily_count"
	ruleLife     = "customer.verification.life_hours"
	ruleAlone    = "customer.age.alone_years"
	ruleChild    = "customer.age.child_years"
)

// picturesMost bounds the pictures of one verification, replaced ones included.
const picturesMost = 20

const (
	easels    = 2                // pictures that are drawn at the same time
	easelWait = 10 * time.Second // for one of them
)

// Side is a side of an identity card.
type Side string

// The sides.
const (
	Front Side = "front" // name, number and portrait (人像面)
	Back  Side = "back"  // emblem, authority and validity (国徽面)
)

// Progress is how far a verification has come.
type Progress string

// How far a verification comes.
const (
	NotStarted   Progress = "none"
	Started      Progress = "started"       // name and number are here
	Documents    Progress = "documents"     // both sides of the document too
	Face         Progress = "face"          // and the face
	Submitted    Progress = "submitted"     // the provider is asked
	Passed       Progress = "passed"        // the customer's level says how far
	Refused      Progress = "refused"       // the code says why
	ManualReview Progress = "manual_review" // a person has to look
	Abandoned    Progress = "abandoned"     // begun anew, or left lying
)

// Verification is the newest way of a customer through the wizard.
type Verification struct {
	ID           id.Verification
	State        Progress
	Level        Level  // of the customer, now
	Code         string // why it was refused: a fault's code
	HasFront     bool
	HasBack      bool
	HasFace      bool
	AttemptsLeft int64 // submissions that are left today
	StartedAt    time.Time
	SubmittedAt  time.Time
	DecidedAt    time.Time
}

// Step is one question to the provider.
type Step string

// The steps, in their order.
const (
	StepIdentity Step = "identity" // do name and number belong together
	StepDocument Step = "document" // do the pictures show that document
	StepFace     Step = "face"     // is the face the document's
)

// level is what an answered step raises a customer to.
func (s Step) level() Level {
	return map[Step]Level{StepIdentity: LevelNumber, StepDocument: LevelDocument, StepFace: LevelFace}[s]
}

// verificationKind is what a verification is for.
type verificationKind string

const (
	firstTime verificationKind = "first" // the wizard
	onceMore  verificationKind = "again" // to change a factor
)

// verification is a row of customer_verification, opened.
type verification struct {
	id          id.Verification
	customer    id.Customer
	kind        verificationKind
	state       Progress
	step        Step
	name        Name
	number      IDNumber
	front       id.Blob
	back        id.Blob
	face        id.Blob
	pictures    int64
	tries       int64
	reason      string
	startedAt   time.Time
	submittedAt time.Time
	submittedOn clock.Date
	askedAt     time.Time
	decidedAt   time.Time
}

// collects reports whether pictures may still be added.
func (v verification) collects() bool {
	return v.state == Started || v.state == Documents || v.state == Face
}

// waits reports whether an answer of the provider is awaited.
func (v verification) waits() bool { return v.state == Submitted || v.state == ManualReview }

// take counts one more picture.
func (v *verification) take() error {
	if v.pictures++; v.pictures > picturesMost {
		return ErrPictures
	}
	return nil
}

// attach keeps a picture of the document.
func (v *verification) attach(side Side, picture id.Blob) error {
	if !v.collects() {
		return ErrUnderWay
	}
	if side == Front {
		v.front = picture
	} else {
		v.back = picture
	}
	if v.state == Started && v.front != "" && v.back != "" {
		v.state = Documents
	}
	return nil
}

// attachFace keeps the picture of the face.
func (v *verification) attachFace(picture id.Blob) error {
	switch {
	case !v.collects():
		return ErrUnderWay
	case v.state == Started:
		return ErrStep
	}
	v.face, v.state = picture, Face
	return nil
}

// of is the picture of a side.
func (v verification) of(side Side) id.Blob {
	if side == Front {
		return v.front
	}
	return v.back
}

// submit hands the verification over to the provider.
func (v *verification) submit(at time.Time, on clock.Date) error {
	if !v.collects() {
		return ErrUnderWay
	}
	v.state, v.step, v.tries = Submitted, StepIdentity, 0
	v.submittedAt, v.submittedOn, v.askedAt = at, on, at
	return nil
}

// level is what the verification leads to when the provider agrees to all of it.
func (v verification) level() Level {
	switch v.state {
	case Documents:
		return LevelDocument
	case Face:
		return LevelFace
	}
	return LevelNumber
}

// next is the step after the present one; false when all that was handed in has been answered.
func (v verification) next() (Step, bool) {
	switch {
	case v.step == StepIdentity && v.front != "" && v.back != "":
		return StepDocument, true
	case v.step == StepDocument && v.face != "":
		return StepFace, true
	}
	return "", false
}

// decide ends the verification.
func (v *verification) decide(to Progress, reason string, at time.Time) {
	v.state, v.reason, v.decidedAt = to, reason, at
}

// review hands the verification to a person.
func (v *verification) review(reason string) { v.state, v.reason = ManualReview, reason }
