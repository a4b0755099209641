// Package notify tells customers what happened: in the app's inbox, by mail and by SMS.
package notify

import (
	"context"
	"embed"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "notify", Files: files} }

// Category is what a message is about; people choose by it what reaches them where.
type Category string

// The categories.
const (
	CategorySecurity    Category = "security"    // sign-ins, factors, devices: cannot be switched off
	CategoryTransaction Category = "transaction" // money that moved
	CategoryService     Category = "service"     // verification, limits, complaints
	CategoryMarketing   Category = "marketing"   // offers: only to those who asked for them, and not at night
)

// Channel is a way to a person.
type Channel string

// The channels.
const (
	Inbox Channel = "inbox"
	Mail  Channel = "mail"
	SMS   Channel = "sms"
)

// Template is a kind of message, registered by the domain that sends it. Its texts have the keys
// notify.<name>.title and notify.<name>.body, and notify.<name>.sms when it may go by SMS.
type Template struct {
	Name     string
	Category Category
	Channels []Channel // where it may go; preferences narrow that
}

// Notice is one message to one customer.
type Notice struct {
	Customer id.Customer
	Template string
	Subject  string            // id of what it is about, so that the app can open it; may be empty
	Params   map[string]string // what the texts show; sealed. Write amounts, instants and days with Amount, Instant, Day
	Contact  *Contact          // where to, instead of the customer's contacts of the day: an old phone that was replaced
}

// Contact is where a customer can be reached, and in which language. Empty fields are no way.
type Contact struct {
	Phone  string // +8613800138000
	Email  string
	Locale i18n.Locale
}

// Code is a one-time code on its way to somebody who may not even be a customer yet.
type Code struct {
	To       string // phone +86… or mail address
	Locale   i18n.Locale
	Template string // its text shows {code} and {minutes}
	Code     string
	Owner    string    // whose key seals it: a customer id, or empty for nobody's
	Expires  time.Time // it is not sent after that
}

// Directory knows where customers can be reached.
type Directory interface {
	Contact(ctx context.Context, tx *db.Tx, customer id.Customer) (Contact, error)
}
