package auth

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

var errPending = errors.New("not written yet")

// Service keeps principals, their factors and their sessions.
type Service struct{}

// --- identifiers

// ContactKind is phone or email.
type ContactKind string

const (
	Phone ContactKind = "phone"
	Email ContactKind = "email"
)

// Contact is a normalised phone number (E.164) or mail address.
type Contact struct {
	Kind  ContactKind
	Value string
}

func ParseContact(s string) (Contact, error) { return Contact{}, errPending }
func ParsePhone(s string) (Contact, error)   { return Contact{}, errPending }
func ParseEmail(s string) (Contact, error)   { return Contact{}, errPending }
func (c Contact) Masked() string             { return "" }

// Find: exact match on a verified contact.
func (s *Service) Find(ctx context.Context, tx *db.Tx, c Contact) (Principal, bool, error) {
	return "", false, errPending
}

// Contacts: verified contacts of a principal (phone first).
func (s *Service) Contacts(ctx context.Context, tx *db.Tx, p Principal) ([]Contact, error) {
	return nil, errPending
}

// --- enrolment: customer.Register does, in order: CheckCode (own tx) -> HashPassword (no tx) -> its Write{ Enrol, OpenSession }

// NewPassword is a password that passed the rules, hashed.
type NewPassword struct{ phc string }

func (s *Service) HashPassword(ctx context.Context, password crypto.Secret, personal ...string) (NewPassword, error) {
	return NewPassword{}, errPending
}

// Enrolment makes a principal. Contact comes from CheckCode, or Vouched for contacts the bank itself has checked.
type Enrolment struct {
	Principal Principal
	Kind      act.Kind
	Contact   Verified
	Password  NewPassword
}

func (s *Service) Enrol(ctx context.Context, tx *db.Tx, by act.By, e Enrolment) error {
	return errPending // ErrContactTaken
}
func (s *Service) OpenSession(ctx context.Context, tx *db.Tx, by act.By, c Client, p Principal) (SignedIn, error) {
	return SignedIn{}, errPending
}

// SetState suspends, restores; Closed removes identifiers, factors, devices and sessions.
func (s *Service) SetState(ctx context.Context, tx *db.Tx, by act.By, p Principal, to State) error {
	return errPending
}

// --- codes

type CodePurpose string

const (
	CodeRegister      CodePurpose = "register"
	CodeSignIn        CodePurpose = "sign_in"
	CodePasswordReset CodePurpose = "password_reset"
	CodeNewContact    CodePurpose = "new_contact"   // session: to the new phone or address
	CodeStepUp        CodePurpose = "step_up"       // session: to the own phone; Contact empty
	CodeSecondFactor  CodePurpose = "second_factor" // Ticket set; Contact empty
)

type CodeRequest struct {
	Purpose CodePurpose
	Contact string
	Ticket  crypto.Secret
}
type Sent struct {
	Challenge   id.Challenge
	To          string // masked
	ExpiresAt   time.Time
	ResendAfter time.Duration
}
type CodeAnswer struct {
	Purpose   CodePurpose
	Challenge id.Challenge
	Code      crypto.Secret
}

// Verified: a contact whose code was right. The code is consumed in the transaction of the act that uses it.
type Verified struct {
	contact   Contact
	principal Principal
}

func (v Verified) Contact() Contact             { return v.contact }
func (v Verified) Principal() (Principal, bool) { return v.principal, v.principal != "" }
func Vouched(c Contact) Verified                { return Verified{contact: c} }

func (s *Service) SendCode(ctx context.Context, by act.By, c Client, r CodeRequest) (Sent, error) {
	return Sent{}, errPending
}
func (s *Service) CheckCode(ctx context.Context, by act.By, a CodeAnswer) (Verified, error) {
	return Verified{}, errPending
}

// --- sign-in

// SignIn is what came of a sign-in: exactly one of Session and Pending. DeviceToken always goes into the device cookie.
type SignIn struct {
	Session     *SignedIn
	Pending     *Pending
	DeviceToken crypto.Secret
}
type SignedIn struct {
	Session     Session
	Token       crypto.Secret // session cookie or bearer
	DeviceToken crypto.Secret
}
type Pending struct {
	Ticket    crypto.Secret
	Methods   []Method
	Sent      *Sent // a code that was sent at once; nil when none was
	ExpiresAt time.Time
}
type SecondFactor struct {
	Ticket crypto.Secret
	Factor Factor
}

func (s *Service) SignInByPassword(ctx context.Context, by act.By, c Client, identifier string, password crypto.Secret) (SignIn, error) {
	return SignIn{}, errPending
}
func (s *Service) SignInByCode(ctx context.Context, by act.By, c Client, a CodeAnswer) (SignIn, error) {
	return SignIn{}, errPending
}
func (s *Service) SignInPasskeyOptions(ctx context.Context, by act.By, c Client) (PasskeyOptions, error) {
	return PasskeyOptions{}, errPending
}
func (s *Service) SignInByPasskey(ctx context.Context, by act.By, c Client, a PasskeyAnswer) (SignIn, error) {
	return SignIn{}, errPending
}
func (s *Service) SecondFactorPasskeyOptions(ctx context.Context, by act.By, c Client, ticket crypto.Secret) (PasskeyOptions, error) {
	return PasskeyOptions{}, errPending
}
func (s *Service) CompleteSignIn(ctx context.Context, by act.By, c Client, f SecondFactor) (SignIn, error) {
	return SignIn{}, errPending
}

// --- sessions, devices, history: by.Actor is the principal, by.Session the present session

type Session struct {
	ID        id.Session
	Principal Principal
	Kind      act.Kind
	Audience  Audience
	Device    id.Device
	Name      string // coarse name of the device
	Network   string // coarse network address
	Method    Method
	MadeAt    time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Identify fills who acts into By.
func (x Session) Identify(by act.By) act.By { return by }

func (s *Service) Authenticate(ctx context.Context, a Audience, token crypto.Secret) (Session, error) {
	return Session{}, errPending // ErrSession
}
func (s *Service) Sessions(ctx context.Context, by act.By) ([]Session, error)    { return nil, errPending }
func (s *Service) EndSession(ctx context.Context, by act.By, x id.Session) error { return errPending }
func (s *Service) EndOtherSessions(ctx context.Context, by act.By) error         { return errPending }
func (s *Service) EndAllSessions(ctx context.Context, tx *db.Tx, by act.By, p Principal) error {
	return errPending
}

type Device struct {
	ID      id.Device
	Name    string
	FirstAt time.Time
	SeenAt  time.Time
	Current bool
}

func (s *Service) Devices(ctx context.Context, by act.By) ([]Device, error)       { return nil, errPending }
func (s *Service) UnbindDevice(ctx context.Context, by act.By, x id.Device) error { return errPending }

type Attempt struct {
	At      time.Time
	Method  Method
	Done    bool
	Code    string // fault code when refused
	Name    string
	Network string
	Cursor  string
}

// SignIns: newest first, before the cursor of the last one seen.
func (s *Service) SignIns(ctx context.Context, by act.By, cursor string, limit int) ([]Attempt, error) {
	return nil, errPending
}

// --- step-up

// Purpose names the act that a step-up is for: "password.change", "limits.raise" ...
type Purpose string

const (
	PurposePassword Purpose = "password.change"
	PurposePhone    Purpose = "phone.change"
	PurposeEmail    Purpose = "email.change"
	PurposePasskeys Purpose = "passkeys.change"
	PurposePIN      Purpose = "pin.change"
)

type StepUpProof struct {
	Proof     crypto.Secret
	Method    Method
	ExpiresAt time.Time
}

func (s *Service) StepUpPasskeyOptions(ctx context.Context, by act.By, p Purpose) (PasskeyOptions, error) {
	return PasskeyOptions{}, errPending
}
func (s *Service) StepUp(ctx context.Context, by act.By, c Client, p Purpose, f Factor) (StepUpProof, error) {
	return StepUpProof{}, errPending
}

// UseProof consumes a proof in the act's transaction; with methods only these are good enough (default: all but code).
func (s *Service) UseProof(ctx context.Context, tx *db.Tx, by act.By, p Purpose, proof crypto.Secret, methods ...Method) error {
	return errPending // ErrStepUp
}

// --- factor changes

func (s *Service) ChangePassword(ctx context.Context, by act.By, c Client, e Evidence, password crypto.Secret) error {
	return errPending
}
func (s *Service) ChangeContact(ctx context.Context, by act.By, c Client, e Evidence, v Verified) error {
	return errPending
}

// ReducedUntil: until when limits are reduced because a factor changed; absent when they are not.
func (s *Service) ReducedUntil(ctx context.Context, tx *db.Tx, ps []Principal) (map[Principal]time.Time, error) {
	return nil, errPending
}

// --- passkeys

type PasskeyOptions struct {
	Challenge id.Challenge
	Options   json.RawMessage // for navigator.credentials.create or .get: {"publicKey": ...}
	ExpiresAt time.Time
}
type PasskeyAnswer struct {
	Challenge  id.Challenge
	Credential []byte
}
type Passkey struct {
	ID     id.Passkey
	Name   string
	MadeAt time.Time
	UsedAt time.Time
	Synced bool // kept by a provider on several devices
}

func (s *Service) AddPasskeyOptions(ctx context.Context, by act.By) (PasskeyOptions, error) {
	return PasskeyOptions{}, errPending
}
func (s *Service) AddPasskey(ctx context.Context, by act.By, c Client, e Evidence, a PasskeyAnswer) (Passkey, error) {
	return Passkey{}, errPending
}
func (s *Service) Passkeys(ctx context.Context, by act.By) ([]Passkey, error) { return nil, errPending }
func (s *Service) RemovePasskey(ctx context.Context, by act.By, c Client, e Evidence, x id.Passkey) error {
	return errPending
}

// PaymentPasskeyOptions asks for a signature over the hash of an intent (32 bytes).
func (s *Service) PaymentPasskeyOptions(ctx context.Context, by act.By, hash []byte) (PasskeyOptions, error) {
	return PasskeyOptions{}, errPending
}

// --- PIN and proofs of payments

type PINChoice struct {
	PIN   crypto.Secret
	Birth clock.Date // zero when unknown
}
type PINState struct {
	Set         bool
	TriesLeft   int
	LockedUntil time.Time // zero when not locked or locked until re-verification
	Locked      bool
}

func (s *Service) SetPIN(ctx context.Context, by act.By, c Client, e Evidence, p PINChoice) error {
	return errPending // ErrPINWeak, ErrPINFormat
}
func (s *Service) PIN(ctx context.Context, by act.By) (PINState, error) {
	return PINState{}, errPending
}

// Proof proves one payment: a PIN, or a passkey that signed Hash.
type Proof struct {
	By         act.By
	Method     Method // MethodPIN or MethodPasskey
	PIN        crypto.Secret
	Challenge  id.Challenge
	Credential []byte
	Hash       []byte // of the intent
}
type ProofResult struct {
	Err error // nil: proved. ErrPINWrong (param left), ErrPINLocked, ErrPINNotSet, ErrPasskey ...
}

// Prove decides each proof alone, in order; an error only when the whole batch fails. Commit also when refused.
func (s *Service) Prove(ctx context.Context, tx *db.Tx, proofs []Proof) ([]ProofResult, error) {
	return nil, errPending
}

// --- housekeeping

func (s *Service) Purge(ctx context.Context) (int64, error)   { return 0, errPending }
func (s *Service) Reindex(ctx context.Context) (int64, error) { return 0, errPending }
