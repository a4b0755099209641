package customer

import (
	"context"
	"errors"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

var errPending = errors.New("not written yet")

// Service keeps customers.
type Service struct{}

// New(customer.Parts{DB, Ring, Vault, Blobs, Jobs, Bus, Audit, Rules, Days, Notify, Auth, Provider, Ties, Exporters, Clock})

// --- registration

// Registration is what a person sends to become a customer.
type Registration struct {
	Code     auth.CodeAnswer // purpose CodeRegister
	Password crypto.Secret
	Consents []Choice // all necessary ones, and any others
	Locale   i18n.Locale
}

// RegisteredNow is a new customer, signed in.
type RegisteredNow struct {
	Customer Customer
	SignedIn auth.SignedIn
}

func (s *Service) Register(ctx context.Context, by act.By, c auth.Client, r Registration) (RegisteredNow, error) {
	return RegisteredNow{}, errPending
}

// Admission is a person whose contact is proven and whose password is hashed: for Register and for demo data (auth.Vouched).
type Admission struct {
	Contact    auth.Verified
	Password   auth.NewPassword
	Consents   []Choice
	Locale     i18n.Locale
	HomeBranch string // act.HeadOffice when empty
}

func (s *Service) Admit(ctx context.Context, by act.By, a Admission) (Customer, error) {
	return Customer{}, errPending
}

// --- reading: set-based, joins your transaction

func (s *Service) Find(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]Customer, error) {
	return nil, errPending
}
func (s *Service) Names(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]Name, error) {
	return nil, errPending
}
func (s *Service) NameOf(ctx context.Context, tx *db.Tx, customer id.Customer) (Name, error) {
	return Name{}, errPending
}

// Blocked says which of these may pay nothing out, and why (ErrFrozen, ErrClosing, ErrClosed, ErrUnknown). For the hot path.
func (s *Service) Blocked(ctx context.Context, tx *db.Tx, customers []id.Customer) (map[id.Customer]error, error) {
	return nil, errPending
}

// Contact: notify.Directory.
func (s *Service) Contact(ctx context.Context, tx *db.Tx, customer id.Customer) (notify.Contact, error) {
	return notify.Contact{}, errPending
}

// --- profile (by.Customer() is whose)

// Profile is what GET /me shows.
type Profile struct {
	Customer
	Contacts []auth.Contact // masked with Masked()
}
type ProfileChange struct {
	Nickname *string
	Locale   *i18n.Locale
}

func (s *Service) Profile(ctx context.Context, by act.By) (Profile, error) {
	return Profile{}, errPending
}
func (s *Service) ChangeProfile(ctx context.Context, by act.By, c ProfileChange) (Profile, error) {
	return Profile{}, errPending
}

// --- consents

type Purpose string

const (
	Terms          Purpose = "terms"           // necessary
	Privacy        Purpose = "privacy"         // necessary
	Biometrics     Purpose = "biometrics"      // separate consent, before the face step
	Personalised   Purpose = "personalisation" // recommendations by profile
	MarketingOffer Purpose = "marketing"
)

// Choice gives or withdraws consent to one version of a text.
type Choice struct {
	Purpose Purpose
	Version int64
	Given   bool
}

// Consent is where a customer stands with one purpose.
type Consent struct {
	Purpose   Purpose
	Necessary bool
	Separate  bool  // asked alone, never bundled (PIPL 29)
	Version   int64 // of the text in force
	Given     bool  // to the version in force
	GivenTo   int64 // version last agreed to; 0 never
	At        time.Time
}

// ConsentTexts are the purposes and versions in force, for the registration screen (no customer yet).
func ConsentTexts() []Consent { return nil }

func (s *Service) Consents(ctx context.Context, by act.By) ([]Consent, error) { return nil, errPending }
func (s *Service) Choose(ctx context.Context, by act.By, choices []Choice) ([]Consent, error) {
	return nil, errPending
}

// Agreed: has this customer agreed to the purpose (marketing, personalisation)?
func (s *Service) Agreed(ctx context.Context, tx *db.Tx, customer id.Customer, p Purpose) (bool, error) {
	return false, errPending
}

// --- verification

type Side string

const (
	Front Side = "front" // the side with name, number and portrait
	Back  Side = "back"  // the side with the emblem and validity
)

type Progress string

const (
	NotStarted   Progress = "none"
	Started      Progress = "started"
	Documents    Progress = "documents" // both sides are here
	Face         Progress = "face"      // the face too
	Submitted    Progress = "submitted" // the provider is asked
	Passed       Progress = "passed"
	Refused      Progress = "refused"
	ManualReview Progress = "manual_review"
)

// Verification is the last (or running) way through the wizard.
type Verification struct {
	ID           id.Verification
	State        Progress
	Level        Level  // the customer's level now
	Code         string // why refused: a fault code with a text
	HasFront     bool
	HasBack      bool
	HasFace      bool
	AttemptsLeft int64 // submissions left today
	StartedAt    time.Time
	SubmittedAt  time.Time
	DecidedAt    time.Time
}

func (s *Service) Verification(ctx context.Context, by act.By) (Verification, error) {
	return Verification{}, errPending
}
func (s *Service) StartVerification(ctx context.Context, by act.By, name, idNumber string) (Verification, error) {
	return Verification{}, errPending
}
func (s *Service) AddDocument(ctx context.Context, by act.By, side Side, image []byte) (Verification, error) {
	return Verification{}, errPending
}
func (s *Service) AddFace(ctx context.Context, by act.By, image []byte) (Verification, error) {
	return Verification{}, errPending
}

// SubmitVerification: with name and number alone it leads to level 1, with both sides to 2, with the face to 3.
func (s *Service) SubmitVerification(ctx context.Context, by act.By) (Verification, error) {
	return Verification{}, errPending
}

// --- re-verification by document and face: evidence for auth

// Reverification: signed in (by.Customer()), or signed out with the code of a contact; ID number and face decide.
type Reverification struct {
	Code     auth.Verified // zero when there is none
	Name     string
	IDNumber string
	Face     []byte // JPEG or PNG
}

func (s *Service) Reverify(ctx context.Context, by act.By, r Reverification) (auth.Reverified, error) {
	return auth.Reverified{}, errPending // ErrNotReverified, neutral
}

// PasswordReset is a forgotten password, start to end: POST /password-resets.
type PasswordReset struct {
	Code     auth.CodeAnswer // purpose CodePasswordReset
	Name     string
	IDNumber string
	Face     []byte
	Password crypto.Secret
}

func (s *Service) ResetPassword(ctx context.Context, by act.By, c auth.Client, r PasswordReset) error {
	return errPending
}

// --- freeze, close, access log, export

const (
	PurposeUnfreeze auth.Purpose = "customer.unfreeze" // step-up purposes
	PurposeClose    auth.Purpose = "customer.close"
	PurposeExport   auth.Purpose = "customer.export"
)

func (s *Service) Freeze(ctx context.Context, by act.By) error { return errPending }
func (s *Service) Unfreeze(ctx context.Context, by act.By, proof crypto.Secret) error {
	return errPending
}
func (s *Service) Close(ctx context.Context, by act.By, proof crypto.Secret) (Customer, error) {
	return Customer{}, errPending // ErrTied
}
func (s *Service) Stay(ctx context.Context, by act.By) error { return errPending } // takes a closing back

// Tie keeps a customer from leaving while it holds: deposit's open accounts.
type Tie interface {
	Tied(ctx context.Context, tx *db.Tx, customer id.Customer) error // nil: nothing; else a fault to show
}

// Access is one look at a customer's data.
type Access struct {
	ID       id.Access
	Customer id.Customer
	At       time.Time
	Kind     act.Kind // who: customer, staff, system
	Actor    string
	Purpose  string // why: a code with a text, "access.export"
	Fields   string // what: a code
}

func (s *Service) LogAccess(ctx context.Context, tx *db.Tx, by act.By, rows []Access) error {
	return errPending
}
func (s *Service) AccessLog(ctx context.Context, by act.By, before id.Access, limit int) ([]Access, error) {
	return nil, errPending
}

// Exporter gives and erases what one domain keeps about a person.
type Exporter interface {
	Export(ctx context.Context, tx *db.Tx, customer id.Customer) (name string, data any, err error) // data: marshalled as JSON
	Erase(ctx context.Context, tx *db.Tx, customer id.Customer) error                               // what is not sealed under the key
}

type Export struct {
	ID          string
	State       string // requested, ready, expired
	RequestedAt time.Time
	ReadyAt     time.Time
	ExpiresAt   time.Time
}

func (s *Service) RequestExport(ctx context.Context, by act.By, proof crypto.Secret) (Export, error) {
	return Export{}, errPending
}
func (s *Service) Exports(ctx context.Context, by act.By) ([]Export, error) { return nil, errPending }
func (s *Service) ExportFile(ctx context.Context, by act.By, export string) ([]byte, error) {
	return nil, errPending // a zip
}
