// Package id makes and reads the ids of everything that the bank keeps.
//
// An id is typed and sortable: a prefix that says what it names, then 26 characters of time and chance in
// Crockford's base 32, so that what is made later sorts later in Go, in SQLite and in PostgreSQL:
//
//	acct_00dkfw3m9r2vtq8x1c5n7b4k6s
//
// The type keeps a transfer from being passed where an account is meant, in code and on the wire.
package id

import (
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// ErrBad refuses a text that is no id of the wanted type.
var ErrBad = fault.New(fault.Invalid, "id.bad")

// The types of ids.
type (
	// Customer names a person or company that the bank serves.
	Customer string
	// Staff names a member of the bank's staff.
	Staff string
	// Session names a signed-in session.
	Session string
	// Device names a device that a customer uses.
	Device string
	// Passkey names a passkey.
	Passkey string
	// Challenge names a one-time code or passkey challenge.
	Challenge string
	// Account names a deposit account; its ledger account has the same id.
	Account string
	// Ledger names an account of the bank's own books.
	Ledger string
	// Journal names a journal.
	Journal string
	// Entry names an entry of a journal.
	Entry string
	// Hold names a hold.
	Hold string
	// Freeze names a freeze.
	Freeze string
	// Intent names a checked payment that awaits its proof.
	Intent string
	// Transfer names a transfer.
	Transfer string
	// Bulk names a bulk payment: transfers that were ordered and proved together.
	Bulk string
	// Payee names an entry of a payee book.
	Payee string
	// Receipt names a receipt.
	Receipt string
	// Verification names a real-name verification.
	Verification string
	// Consent names a consent.
	Consent string
	// Message names a message to a customer.
	Message string
	// Delivery names a message on its way out, by mail or SMS.
	Delivery string
	// Audit names an audit record.
	Audit string
	// Event names a published fact.
	Event string
	// Job names a job.
	Job string
	// Blob names a stored document.
	Blob string
	// Access names a line of a customer's access log.
	Access string
	// Assignment names a role that a member of staff has at a branch.
	Assignment string
	// Look names a look of staff at a masked field.
	Look string
	// Alert names a warning about looks that are not like work.
	Alert string
	// Approval names a request that other people of the bank decide.
	Approval string
	// Delegation names the time in which one member of staff decides in another's place.
	Delegation string
	// Till names a till, or the vault of a branch.
	Till string
	// Cash names a movement of cash.
	Cash string
	// Examination names a verification of the books that staff asked for.
	Examination string
	// Statement names a monthly statement.
	Statement string
	// Exchange names an exchange of currencies.
	Exchange string
)

func (Customer) prefix() string     { return "cust_" }
func (Staff) prefix() string        { return "stff_" }
func (Session) prefix() string      { return "sess_" }
func (Device) prefix() string       { return "devc_" }
func (Passkey) prefix() string      { return "pkey_" }
func (Challenge) prefix() string    { return "chal_" }
func (Account) prefix() string      { return "acct_" }
func (Ledger) prefix() string       { return "glac_" }
func (Journal) prefix() string      { return "jrnl_" }
func (Entry) prefix() string        { return "entr_" }
func (Hold) prefix() string         { return "hold_" }
func (Freeze) prefix() string       { return "frez_" }
func (Intent) prefix() string       { return "intn_" }
func (Transfer) prefix() string     { return "trfr_" }
func (Bulk) prefix() string         { return "bulk_" }
func (Payee) prefix() string        { return "paye_" }
func (Receipt) prefix() string      { return "rcpt_" }
func (Verification) prefix() string { return "verf_" }
func (Consent) prefix() string      { return "cons_" }
func (Message) prefix() string      { return "mesg_" }
func (Delivery) prefix() string     { return "dlvr_" }
func (Audit) prefix() string        { return "audt_" }
func (Event) prefix() string        { return "evnt_" }
func (Job) prefix() string          { return "jobx_" }
func (Blob) prefix() string         { return "blob_" }
func (Access) prefix() string       { return "accs_" }
func (Assignment) prefix() string   { return "asgn_" }
func (Look) prefix() string         { return "look_" }
func (Alert) prefix() string        { return "alrt_" }
func (Approval) prefix() string     { return "aprv_" }
func (Delegation) prefix() string   { return "dele_" }
func (Till) prefix() string         { return "till_" }
func (Cash) prefix() string         { return "cash_" }
func (Examination) prefix() string  { return "exam_" }
func (Statement) prefix() string    { return "stmt_" }
func (Exchange) prefix() string     { return "xchg_" }

// Typed is any of the id types.
type Typed interface {
	~string
	prefix() string
}

// New makes an id of type T at an instant.
func New[T Typed](now time.Time) T {
	var zero T
	return T(zero.prefix() + Raw(now))
}

// Parse reads an id of type T, or refuses it with ErrBad.
func Parse[T Typed](s string) (T, error) {
	var zero T
	text, ok := strings.CutPrefix(s, zero.prefix())
	if !ok || len(text) != crypto.SortableSize {
		return "", ErrBad
	}
	for i := range len(text) {
		if strings.IndexByte(crypto.SortableAlphabet, text[i]) < 0 {
			return "", ErrBad
		}
	}
	return T(s), nil
}

// Become is the id of what a thing turns into, where one of it makes one of the other: the same key of another type.
func Become[T, F Typed](from F) T {
	var to T
	return T(to.prefix() + strings.TrimPrefix(string(from), from.prefix()))
}

// Raw makes a sortable key of 26 characters for rows that nobody outside names.
func Raw(now time.Time) string { return crypto.SortableKey(now) }
