//go:build unix

package chaos_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/app/demo"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The town: everybody pays anybody, but a few who keep to themselves. All that happens on the accounts of those few is
// seen by this test, so that it can be checked for linearizability.
const (
	people   = 8
	circle   = 3       // of them
	fortune  = 500_000 // minor units, of each
	pittance = 900     // of each in the circle: some of what they try is refused
)

// person is somebody with a session and an account.
type person struct {
	customer id.Customer
	account  id.Account
	number   string
	token    string
	device   string
	opening  int64 // minor units before the test
	inCircle bool
}

// bank is a bank under test: where it lives, who its people are.
type bank struct {
	data, keys string
	people     []*person
	nodes      []*node
	chance     *rand.Rand
	forgot     time.Duration // until then the event server may have lost what nobody had taken from it; since the traffic began
}

func newChance(seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, 0x6368616f73)) //nolint:gosec // repeatable, not secret
}

// found makes a bank with people who have money and open sessions, through the bank's own services.
func found(t *testing.T, seed uint64, database string) *bank {
	t.Helper()
	folder := t.TempDir()
	b := &bank{
		data: filepath.Join(folder, "data"), keys: filepath.Join(folder, "keys"),
		chance: newChance(seed),
	}
	open := apptest.Start(t, apptest.Options{Now: watch(), Settings: func(c *app.Config) {
		c.Data, c.Keys, c.Database = b.data, b.keys, database
	}})
	defer open.Close()
	quicken(t, open)
	for i := range people {
		p := &person{opening: fortune, inCircle: i < circle}
		if p.inCircle {
			p.opening = pittance
		}
		made := open.NewPerson(apptest.Has(yuan(p.opening)))
		p.customer, p.account, p.number, p.token, p.device = made.Customer, made.Account, made.Number, made.Token, made.Device
		b.people = append(b.people, p)
	}
	return b
}

// quicken lifts the pace at which screening asks for more than a PIN, and admits the person by whom `serve --demo` knows
// a bank that is made already.
func quicken(t *testing.T, open *apptest.Bank) {
	t.Helper()
	ctx := t.Context()
	err := open.DB.Write(ctx, func(tx *db.Tx) error {
		for _, key := range []string{"payment.screen.hourly_count", "payment.screen.payees_daily_count"} {
			_, err := tx.Exec(ctx, `
				INSERT INTO rule_figure (key, effective_from, effective_to, value, unit, source, grade, note, added_at)
				VALUES ($1, $2, NULL, '1000000', 'count', 'test/chaos', 'U', 'people here are in a hurry', $3)`, key, firstDay, tx.Now())
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	contact, err := auth.ParsePhone(demo.Ready().Phone)
	if err != nil {
		t.Fatal(err)
	}
	password, err := open.Auth.HashPassword(ctx, crypto.Secret(demo.Ready().Password))
	if err != nil {
		t.Fatal(err)
	}
	var consents []customer.Choice
	for _, text := range customer.ConsentTexts() {
		consents = append(consents, customer.Choice{Purpose: text.Purpose, Version: text.Version, Given: true})
	}
	by := act.By{Channel: act.Mobile, Branch: act.HeadOffice, Address: "127.0.0.1"}
	_, err = open.Customers.Admit(ctx, by, customer.Admission{Contact: auth.Vouched(contact), Password: password, Consents: consents, Locale: i18n.En})
	if err != nil {
		t.Fatal(err)
	}
}

// firstDay is after the first day of the figures that a bank begins with, and before any day of a test.
const firstDay = "2024-01-01"

// partner draws whom somebody pays.
func (b *bank) partner(chance *rand.Rand, of *person) *person {
	for {
		p := b.people[chance.IntN(len(b.people))]
		if p != of && p.inCircle == of.inCircle {
			return p
		}
	}
}

// yuan writes minor units as an amount.
func yuan(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }

// wait lets time pass, drawn between two bounds.
func (b *bank) wait(least, most time.Duration) {
	time.Sleep(least + time.Duration(b.chance.Int64N(int64(most-least))))
}

func sqlite(t *testing.T) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "bank.db")
}

// watch is the machine's clock, whose monotonic part orders what this process saw.
func watch() time.Time { return clock.System().Now() }
