package access_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

const password = "correct horse 7 battery"

// noon is noon in the bank's zone.
var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// bank is the room with auth below it over a real database.
type bank struct {
	t      *testing.T
	d      *db.DB
	clock  *clock.Fake
	auth   *auth.Service
	access *access.Service
	out    *outside
	mails  int
}

func each(t *testing.T, test func(t *testing.T, b *bank)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newBank(t, dbtest.Postgres(t)))
	})
}

func newBank(t *testing.T, address string) *bank {
	t.Helper()
	b := &bank{t: t, clock: clock.NewFake(noon), out: &outside{}}
	var err error
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), access.Migrations(), auth.Migrations(), vault.Migrations(), rule.Migrations()))
	ring, err := crypto.NewRing()
	b.must(err)
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	rules := rule.New(b.d)
	b.must(rules.Seed(t.Context()))
	days, sealed := day.New(b.d, zone), vault.New(ring)
	b.auth, err = auth.New(auth.Parts{
		DB: b.d, Clock: b.clock, Ring: ring, Passwords: crypto.NewPasswords(2), Vault: sealed, Rules: rules, Days: days,
		Audit: b.out, Messenger: b.out, Events: b.out,
		Site: auth.Site{Host: "bank.example", Name: "Tongbao", Origins: []string{"https://bank.example"}},
	})
	b.must(err)
	b.access, err = access.New(access.Parts{
		DB: b.d, Clock: b.clock, Ring: ring, Vault: sealed, Rules: rules, Days: days, Audit: b.out, Auth: b.auth, Messenger: b.out,
		Link: func(i crypto.Secret) string { return "https://console.example/invitations/" + i.Reveal() },
	})
	b.must(err)
	b.must(b.access.Begin(t.Context(), "Head office"))
	for _, n := range []access.NewBranch{{"0200", act.HeadOffice, "South"}, {"0210", "0200", "Harbour"}, {"0300", act.HeadOffice, "North"}} {
		_, err := b.access.OpenBranch(t.Context(), act.Job("setup"), n)
		b.must(err)
	}
	return b
}

func (b *bank) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bank) want(got, want error) {
	b.t.Helper()
	if !errors.Is(got, want) {
		b.t.Errorf("got %v, want %v", got, want)
	}
}

// invite invites somebody at a branch.
func (b *bank) invite(branch, idNumber string) access.Hired {
	b.t.Helper()
	b.mails++
	mail, err := auth.ParseEmail("staff" + string(rune('a'+b.mails)) + "@bank.example")
	b.must(err)
	hired, err := b.access.Invite(b.t.Context(), act.Job("setup"), access.NewStaff{Name: "Lin", Mail: mail, IDNumber: idNumber, Branch: branch})
	b.must(err)
	return hired
}

// hire makes an active member of staff with a role at a branch.
func (b *bank) hire(role access.Role, branch string) id.Staff {
	b.t.Helper()
	return b.hireAs(role, branch, "")
}

func (b *bank) hireAs(role access.Role, branch, idNumber string) id.Staff {
	b.t.Helper()
	hired := b.invite(branch, idNumber)
	b.must(b.d.Write(b.t.Context(), func(tx *db.Tx) error { return b.access.Joined(b.t.Context(), tx, hired.ID) }))
	b.appoint(hired.ID, role, branch)
	return hired.ID
}

func (b *bank) appoint(who id.Staff, role access.Role, branch string) access.Assignment {
	b.t.Helper()
	a, err := b.access.Appoint(b.t.Context(), act.Job("setup"), access.RoleChange{Staff: who, Role: role, Branch: branch})
	b.must(err)
	return a
}

func staff(who id.Staff) act.By {
	return act.By{Kind: act.Staff, Actor: string(who), Channel: act.Console, Branch: act.HeadOffice, Address: "203.0.113.7"}
}

// may reports whether somebody may do something.
func (b *bank) may(q access.Question) bool {
	b.t.Helper()
	d, err := b.access.Decide(b.t.Context(), q)
	b.must(err)
	return d.Allowed
}

// granted is leave for everything, as approval would give it for one thing.
func (b *bank) assign(by id.Staff, c access.RoleChange) error {
	b.t.Helper()
	return b.d.Write(b.t.Context(), func(tx *db.Tx) error {
		_, err := b.access.Assign(b.t.Context(), tx, staff(by), acttest.Granted{}, c)
		return err
	})
}

// outside records what leaves the rooms, once it is committed.
type outside struct {
	mu      sync.Mutex
	codes   []notify.Code
	records []audit.Record
}

func (o *outside) later(tx *db.Tx, f func()) error {
	tx.AfterCommit(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		f()
	})
	return nil
}

func (o *outside) SendCode(_ context.Context, tx *db.Tx, c notify.Code) error {
	return o.later(tx, func() { o.codes = append(o.codes, c) })
}

func (o *outside) Send(context.Context, *db.Tx, []notify.Notice) error { return nil }

func (o *outside) Append(_ context.Context, tx *db.Tx, r []audit.Record) error {
	return o.later(tx, func() { o.records = append(o.records, r...) })
}

func (o *outside) Publish(context.Context, *db.Tx, []bus.Event) error { return nil }

func (o *outside) mailed(template string) []notify.Code {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.codes), func(c notify.Code) bool { return c.Template != template })
}

func (o *outside) recorded(name string, outcome audit.Outcome) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, r := range o.records {
		if r.Act == name && r.Outcome == outcome {
			n++
		}
	}
	return n
}

func TestEveryTextIsThereInThreeLanguages(t *testing.T) {
	t.Parallel()
	for _, hole := range i18n.NewCatalog(access.Texts()).Missing() {
		t.Error(hole)
	}
}
