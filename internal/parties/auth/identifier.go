package auth

import (
	"context"
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// The ways in which a contact is refused.
var (
	// ErrPhone refuses what is no phone number.
	ErrPhone = fault.New(fault.Invalid, "auth.bad_phone")
	// ErrEmail refuses what is no mail address.
	ErrEmail = fault.New(fault.Invalid, "auth.bad_email")
	// ErrContactTaken says that somebody has verified this contact already. It is only told to who has proved by a
	// code that the contact is his: to nobody else does the bank say who is a customer.
	ErrContactTaken = fault.New(fault.Conflict, "auth.contact_taken")
)

// ContactKind is the kind of a contact.
type ContactKind string

// The kinds of contacts.
const (
	Phone ContactKind = "phone"
	Email ContactKind = "email"
)

const (
	contactMost = 254  // bytes of a mail address, RFC 5321
	homeRegion  = "CN" // of phone numbers without a country code
)

// Contact is a phone number or mail address in its one normal form.
type Contact struct {
	Kind  ContactKind
	Value string // +8613800138000, or name@example.com in lower case with an ASCII domain
}

// identifier is a row of auth_identifier.
type identifier struct {
	principal Principal
	kind      ContactKind
	blind     []byte
	sealed    []byte
}

// ParseContact reads a phone number or, when there is an @ in it, a mail address.
func ParseContact(s string) (Contact, error) {
	if strings.Contains(s, "@") {
		return ParseEmail(s)
	}
	return ParsePhone(s)
}

// ParsePhone reads a phone number, Chinese unless it names another country, into E.164. Error: ErrPhone.
func ParsePhone(s string) (Contact, error) {
	const most = 40 // characters, with all separators that people write
	s = norm.NFKC.String(strings.TrimSpace(s))
	if len(s) > most || strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && !strings.ContainsRune("+-() .", r)
	}) {
		return Contact{}, ErrPhone
	}
	n, err := phonenumbers.Parse(s, homeRegion)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return Contact{}, ErrPhone
	}
	return Contact{Phone, phonenumbers.Format(n, phonenumbers.E164)}, nil
}

// ParseEmail reads a mail address: NFC, lower case, domain in ASCII by IDNA. Error: ErrEmail.
func ParseEmail(s string) (Contact, error) {
	s = strings.TrimSpace(s)
	if len(s) > contactMost || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"<>(),;:\`, r)
	}) {
		return Contact{}, ErrEmail
	}
	s = strings.ToLower(norm.NFC.String(s))
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return Contact{}, ErrEmail
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || !strings.Contains(domain, ".") {
		return Contact{}, ErrEmail
	}
	s = s[:at+1] + domain
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Address != s || len(s) > contactMost {
		return Contact{}, ErrEmail
	}
	return Contact{Email, s}, nil
}

// Masked is what may be shown of a contact to who may not see it whole: +86 138****8000, w***g@example.com.
func (c Contact) Masked() string {
	if c.Kind == Email {
		at := strings.LastIndexByte(c.Value, '@')
		if at < 1 {
			return "***"
		}
		name := []rune(c.Value[:at])
		if len(name) < 3 {
			return string(name[:1]) + "***" + c.Value[at:]
		}
		return string(name[:1]) + "***" + string(name[len(name)-1:]) + c.Value[at:]
	}
	const shown = 4 // last digits
	if local, ok := strings.CutPrefix(c.Value, "+86"); ok && len(local) == 11 {
		return "+86 " + local[:3] + "****" + local[7:]
	}
	if len(c.Value) <= 2*shown {
		return "****"
	}
	return c.Value[:3] + "****" + c.Value[len(c.Value)-shown:]
}

// field names the blind index of a kind of contact.
func (k ContactKind) field() string { return "auth_identifier." + string(k) }

// Find is the principal that has verified a contact: exact match, no prefixes. Closed principals are not found.
func (s *Service) Find(ctx context.Context, tx *db.Tx, c Contact) (Principal, bool, error) {
	if c.Value == "" {
		return "", false, nil
	}
	for _, blind := range s.ring.Indexes(c.Kind.field(), c.Value) {
		p, found, err := findIdentifier(ctx, tx, c.Kind, blind)
		if err != nil {
			return "", false, fmt.Errorf("find contact: %w", err)
		}
		if found {
			return p, true, nil
		}
	}
	return "", false, nil
}

// Contacts are the verified contacts of a principal, the phone first.
func (s *Service) Contacts(ctx context.Context, tx *db.Tx, p Principal) ([]Contact, error) {
	rows, err := listIdentifiers(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("list contacts of %s: %w", p, err)
	}
	contacts := make([]Contact, 0, len(rows))
	for _, row := range rows {
		c, err := s.openIdentifier(ctx, tx, row)
		if err != nil {
			return nil, err
		}
		contacts = append(contacts, c)
	}
	return contacts, nil
}

func (s *Service) openIdentifier(ctx context.Context, tx *db.Tx, row identifier) (Contact, error) {
	value, err := s.vault.Open(ctx, tx, owner(row.principal), row.place(), row.sealed)
	if err != nil {
		return Contact{}, fmt.Errorf("open contact of %s: %w", row.principal, err)
	}
	return Contact{row.kind, string(value)}, nil
}

func (i identifier) place() crypto.AAD {
	return crypto.AAD{Table: "auth_identifier", Column: "sealed", Row: string(i.principal) + "/" + string(i.kind)}
}

// owner is whose data key seals what belongs to a principal: customers have their own, staff's are the bank's.
func owner(p Principal) string {
	if p.kind() == act.Customer {
		return string(p)
	}
	return vault.Bank
}

// setContact gives a principal a contact, in place of the one of the same kind. Error: ErrContactTaken.
func (s *Service) setContact(ctx context.Context, tx *db.Tx, p Principal, c Contact) error {
	holder, found, err := s.Find(ctx, tx, c)
	if err != nil {
		return err
	}
	if found && holder != p {
		return ErrContactTaken
	}
	row := identifier{principal: p, kind: c.Kind, blind: s.ring.Index(c.Kind.field(), c.Value)}
	row.sealed, err = s.vault.Seal(ctx, tx, owner(p), row.place(), []byte(c.Value))
	if err != nil {
		return fmt.Errorf("seal contact of %s: %w", p, err)
	}
	err = upsertIdentifier(ctx, tx, row)
	if db.IsUnique(err) {
		return ErrContactTaken.Because(err)
	}
	return err
}

// reindexBatch is how many contacts Reindex moves in one transaction.
const reindexBatch = 200

// Reindex writes the blind indexes of all contacts under the current generation, in short transactions, and says how
// many were old. Run it after the index keys were rotated; then the old generation can be retired.
func (s *Service) Reindex(ctx context.Context) (int64, error) {
	var moved int64
	after := identifier{}
	for {
		var some []identifier
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			var err error
			some, err = lockIdentifiersAfter(ctx, tx, after, reindexBatch)
			if err != nil {
				return err
			}
			for _, row := range some {
				c, err := s.openIdentifier(ctx, tx, row)
				if err != nil {
					return err
				}
				row.blind = s.ring.Index(c.Kind.field(), c.Value)
				if err := reindexIdentifier(ctx, tx, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return moved, fmt.Errorf("reindex contacts: %w", err)
		}
		moved += int64(len(some))
		if len(some) < reindexBatch {
			return moved, nil
		}
		after = some[len(some)-1]
	}
}
