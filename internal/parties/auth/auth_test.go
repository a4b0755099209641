package auth_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	phone    = "+8613800138000"
	password = "correct horse 7 battery"
	pin      = "739146"
	home     = "203.0.113.7"
	abroad   = "198.51.100.9"
	origin   = "https://bank.example"
)

// bank is the room over a real database, with everything outside of the bank recorded.
type bank struct {
	t     *testing.T
	d     *db.DB
	clock *clock.Fake
	ring  *crypto.Ring
	vault *vault.Vault
	auth  *auth.Service
	out   *outside
	parts auth.Parts
}

// each runs a test on both databases, each with a clock of its own.
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
	b := &bank{t: t, clock: clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), out: &outside{}}
	var err error
	if b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.d.Close)
	if err := b.d.Migrate(t.Context(), auth.Migrations(), vault.Migrations(), rule.Migrations()); err != nil {
		t.Fatal(err)
	}
	if b.ring, err = crypto.NewRing(); err != nil {
		t.Fatal(err)
	}
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	rules := rule.New(b.d)
	if err := rules.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.vault = vault.New(b.ring)
	b.parts = auth.Parts{
		DB: b.d, Clock: b.clock, Ring: b.ring, Passwords: crypto.NewPasswords(2), Vault: b.vault, Rules: rules,
		Days: day.New(b.d, zone), Audit: b.out, Messenger: b.out, Events: b.out,
		Site: auth.Site{Host: "bank.example", Name: "Tongbao", Origins: []string{origin}},
	}
	b.auth = b.sibling()
	return b
}

// sibling is the room on another node.
func (b *bank) sibling() *auth.Service {
	b.t.Helper()
	s, err := auth.New(b.parts)
	b.must(err)
	return s
}

// outside records what leaves the room, once it is committed.
type outside struct {
	mu      sync.Mutex
	codes   []notify.Code
	notices []notify.Notice
	records []audit.Record
	events  []bus.Event
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

func (o *outside) Send(_ context.Context, tx *db.Tx, n []notify.Notice) error {
	return o.later(tx, func() { o.notices = append(o.notices, n...) })
}

func (o *outside) Append(_ context.Context, tx *db.Tx, r []audit.Record) error {
	return o.later(tx, func() { o.records = append(o.records, r...) })
}

func (o *outside) Publish(_ context.Context, tx *db.Tx, e []bus.Event) error {
	return o.later(tx, func() { o.events = append(o.events, e...) })
}

// last is the last message to a contact.
func (o *outside) last(to string) notify.Code {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range slices.Backward(o.codes) {
		if c.To == to {
			return c
		}
	}
	return notify.Code{}
}

func (o *outside) published(kind string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, e := range o.events {
		if e.Type == kind {
			n++
		}
	}
	return n
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

func (o *outside) noticed(template string) []notify.Notice {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []notify.Notice
	for _, n := range o.notices {
		if n.Template == template {
			all = append(all, n)
		}
	}
	return all
}

// person is a customer with a signed-in session on a device.
type person struct {
	id     auth.Principal
	phone  string
	client auth.Client
	by     act.By
	token  crypto.Secret
}

func visitor(address string) act.By {
	return act.By{Kind: act.Customer, Channel: act.Mobile, Branch: act.HeadOffice, Address: address}
}

func app(device crypto.Secret) auth.Client {
	return auth.Client{
		Audience: auth.App, Device: device, Locale: i18n.ZhHans,
		Agent: "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
	}
}

// register makes a customer the way parties/customer does.
func (b *bank) register(number string) person {
	b.t.Helper()
	by, client := visitor(home), app(auth.NewDeviceToken())
	v := b.verified(by, client, auth.CodeRequest{Purpose: auth.CodeRegister, Contact: number})
	hashed, err := b.auth.HashPassword(b.t.Context(), password, v.Contact().Value)
	b.must(err)
	who := id.New[id.Customer](b.clock.Now())
	var in auth.SignedIn
	b.must(b.d.Write(b.t.Context(), func(tx *db.Tx) error {
		if err := b.vault.Create(b.t.Context(), tx, string(who)); err != nil {
			return err
		}
		if err := b.auth.Enrol(b.t.Context(), tx, by, auth.Enrolment{Principal: auth.Principal(who), Contact: v, Password: hashed}); err != nil {
			return err
		}
		in, err = b.auth.OpenSession(b.t.Context(), tx, by, client, auth.Principal(who))
		return err
	}))
	return b.person(number, client, by, in)
}

func (b *bank) person(number string, client auth.Client, by act.By, in auth.SignedIn) person {
	client.Device = in.DeviceToken
	return person{in.Session.Principal, number, client, in.Session.Identify(by), in.Token}
}

// verified asks for a code and answers it.
func (b *bank) verified(by act.By, c auth.Client, r auth.CodeRequest) auth.Verified {
	b.t.Helper()
	v, err := b.auth.CheckCode(b.t.Context(), by, b.answer(by, c, r))
	b.must(err)
	return v
}

// answer asks for a code and reads it from the phone. It waits first, so that no earlier code is in the way.
func (b *bank) answer(by act.By, c auth.Client, r auth.CodeRequest) auth.CodeAnswer {
	b.t.Helper()
	b.clock.Advance(2 * time.Minute)
	sent, err := b.auth.SendCode(b.t.Context(), by, c, r)
	b.must(err)
	b.out.mu.Lock()
	defer b.out.mu.Unlock()
	return auth.CodeAnswer{Purpose: r.Purpose, Challenge: sent.Challenge, Code: crypto.Secret(b.out.codes[len(b.out.codes)-1].Code)}
}

func (b *bank) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bank) want(err error, want *fault.Error) {
	b.t.Helper()
	if !errors.Is(err, want) {
		b.t.Fatalf("got %v, want %v", err, want)
	}
}

// stepUp proves a person for a purpose.
func (b *bank) stepUp(p person, purpose auth.Purpose, m auth.Method) auth.Evidence {
	b.t.Helper()
	f := auth.Factor{Method: m, Password: password, PIN: pin}
	if m == auth.MethodCode || m == auth.MethodPasswordAndCode {
		a := b.answer(p.by, p.client, auth.CodeRequest{Purpose: auth.CodeStepUp})
		f.Code, f.Challenge = a.Code, a.Challenge
	}
	made, err := b.auth.StepUp(b.t.Context(), p.by, p.client, purpose, f)
	b.must(err)
	return auth.Evidence{Proof: made.Proof}
}

// signIn signs a person in on a new device, by password and code.
func (b *bank) signIn(p person, address string) person {
	b.t.Helper()
	b.clock.Advance(2 * time.Minute)
	by, client := visitor(address), app(auth.NewDeviceToken())
	half, err := b.auth.SignInByPassword(b.t.Context(), by, client, p.phone, password)
	b.must(err)
	full, err := b.auth.CompleteSignIn(b.t.Context(), by, client, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
		Method: auth.MethodCode, Code: crypto.Secret(b.out.last(p.phone).Code), Challenge: half.Pending.Sent.Challenge,
	}})
	b.must(err)
	return b.person(p.phone, client, by, *full.Session)
}

// signedIn tells whether a person's session is open.
func (b *bank) signedIn(p person) bool {
	_, err := b.auth.Authenticate(b.t.Context(), p.client.Audience, p.token)
	if err != nil && !errors.Is(err, auth.ErrSession) {
		b.t.Fatal(err)
	}
	return err == nil
}

// setPIN gives a person his first PIN.
func (b *bank) setPIN(p person) {
	b.t.Helper()
	e := b.stepUp(p, auth.PurposePIN, auth.MethodPassword)
	b.must(b.auth.SetPIN(b.t.Context(), p.by, p.client, e, auth.PINChoice{PIN: pin}))
}

// prove decides proofs in a transaction of their own.
func (b *bank) prove(proofs ...auth.Proof) []error {
	b.t.Helper()
	var all []error
	b.must(b.d.Write(b.t.Context(), func(tx *db.Tx) error {
		results, err := b.auth.Prove(b.t.Context(), tx, proofs)
		all = nil
		for _, r := range results {
			all = append(all, r.Err)
		}
		return err
	}))
	return all
}

func (b *bank) reduced(p person) time.Time {
	b.t.Helper()
	var until map[auth.Principal]time.Time
	b.must(b.d.Read(b.t.Context(), func(tx *db.Tx) error {
		var err error
		until, err = b.auth.ReducedUntil(b.t.Context(), tx, []auth.Principal{p.id, p.id})
		return err
	}))
	return until[p.id]
}
