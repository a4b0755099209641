package customer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const password = "correct horse 7 battery"

// bank is the room among its real neighbours on a real database; what leaves the room is recorded.
type bank struct {
	t         *testing.T
	d         *db.DB
	clock     *clock.Fake
	auth      *auth.Service
	customers *customer.Service
	ring      *crypto.Ring
	vault     *vault.Vault
	blobs     *blob.Store
	jobs      *job.Runner
	out       *outside
	tie       *tie
	domain    *domain
	registrar *registrar
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
	b := &bank{t: t, clock: clock.NewFake(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)), out: &outside{}, tie: &tie{}, domain: &domain{}}
	var err error
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), vault.Migrations(), blob.Migrations(), job.Migrations(), rule.Migrations(),
		auth.Migrations(), customer.Migrations()))
	ring, err := crypto.NewRing()
	b.must(err)
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	rules := rule.New(b.d)
	b.must(rules.Seed(t.Context()))
	b.ring = ring
	b.vault = vault.New(ring)
	b.blobs = blob.NewStore(b.vault, blob.Database())
	b.jobs = job.New(b.d, b.clock, job.Config{Poll: 10 * time.Millisecond, Workers: 4, Grace: time.Second})
	days := day.New(b.d, zone)
	b.auth, err = auth.New(auth.Parts{
		DB: b.d, Clock: b.clock, Ring: ring, Passwords: crypto.NewPasswords(2), Vault: b.vault, Rules: rules, Days: days,
		Audit: b.out, Messenger: b.out, Events: b.out,
		Site: auth.Site{Host: "bank.example", Name: "Tongbao", Origins: []string{"https://bank.example"}},
	})
	b.must(err)
	b.registrar = &registrar{Provider: customer.NewSimulator(b.clock, 0)}
	b.customers = customer.New(customer.Parts{
		DB: b.d, Clock: b.clock, Ring: ring, Vault: b.vault, Blobs: b.blobs, Jobs: b.jobs, Events: b.out, Audit: b.out,
		Rules: rules, Days: days, Messenger: b.out, Auth: b.auth, Provider: b.registrar, Ties: []customer.Tie{b.tie}, Exporters: []customer.Exporter{b.domain},
	})
	b.must(b.customers.Work(b.jobs))
	b.must(b.jobs.Start(t.Context()))
	t.Cleanup(b.jobs.Close)
	return b
}

func (b *bank) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bank) want(err, want error) {
	b.t.Helper()
	if !errors.Is(err, want) {
		b.t.Fatalf("got %v, want %v", err, want)
	}
}

// work lets time pass and waits until all jobs that are due by then are done.
func (b *bank) work(pass time.Duration) {
	b.t.Helper()
	b.clock.Advance(pass)
	b.must(b.jobs.Drain(b.t.Context()))
}

func (b *bank) read(fn func(tx *db.Tx) error) {
	b.t.Helper()
	b.must(b.d.Read(b.t.Context(), fn))
}

// tie binds all customers while it has a refusal.
type tie struct {
	mu      sync.Mutex
	refusal error
}

func (x *tie) Tied(context.Context, *db.Tx, id.Customer) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.refusal
}

func (x *tie) bind(refusal error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.refusal = refusal
}

// domain is another room with personal data.
type domain struct{ erased []id.Customer }

func (*domain) Export(context.Context, *db.Tx, id.Customer) (string, any, error) {
	return "deposit", map[string]string{"account": "621 <&> 1"}, nil
}

func (d *domain) Erase(_ context.Context, _ *db.Tx, c id.Customer) error {
	d.erased = append(d.erased, c)
	return nil
}

// registrar counts what the provider is asked, and may hold the answer back.
type registrar struct {
	customer.Provider
	mu            sync.Mutex
	asked         []string
	papers, faces int // pictures that it was asked about
	hold          func()
}

func (r *registrar) CheckDocument(ctx context.Context, q customer.Question, front, back []byte) (customer.Answer, error) {
	r.mu.Lock()
	r.papers++
	r.mu.Unlock()
	return r.Provider.CheckDocument(ctx, q, front, back)
}

func (r *registrar) CompareFace(ctx context.Context, q customer.Question, face, earlier []byte) (customer.Answer, error) {
	r.mu.Lock()
	r.faces++
	r.mu.Unlock()
	return r.Provider.CompareFace(ctx, q, face, earlier)
}

// pictures counts the documents and faces that the provider was asked about.
func (r *registrar) pictures() (documents, faces int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.papers, r.faces
}

func (r *registrar) CheckIdentity(ctx context.Context, q customer.Question) (customer.Answer, error) {
	r.mu.Lock()
	r.asked = append(r.asked, q.Key)
	hold := r.hold
	r.mu.Unlock()
	if hold != nil {
		hold()
	}
	return r.Provider.CheckIdentity(ctx, q)
}

func (r *registrar) times() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.asked)
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

func (o *outside) lastCode(to string) notify.Code {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range slices.Backward(o.codes) {
		if c.To == to {
			return c
		}
	}
	return notify.Code{}
}

// published counts the facts of a type about a customer.
func (o *outside) published(kind string, c id.Customer) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, e := range o.events {
		if e.Type == kind && e.Subject == string(c) {
			n++
		}
	}
	return n
}

// told counts the messages of a template to a customer.
func (o *outside) told(template string, c id.Customer) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, x := range o.notices {
		if x.Template == template && x.Customer == c {
			n++
		}
	}
	return n
}

// refusedWith tells whether the audit log holds a refusal of an act with a code.
func (o *outside) refusedWith(name, code string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.ContainsFunc(o.records, func(r audit.Record) bool {
		return r.Act == name && r.Outcome == audit.Refused && r.Code == code
	})
}

// person is a customer, signed in on a device.
type person struct {
	id     id.Customer
	phone  string
	client auth.Client
	by     act.By
}

func visitor() act.By {
	return act.By{Kind: act.Customer, Channel: act.Mobile, Branch: act.HeadOffice, Address: "203.0.113.7"}
}

func device() auth.Client {
	return auth.Client{Audience: auth.App, Device: auth.NewDeviceToken(), Locale: i18n.ZhHans, Agent: "Mozilla/5.0 (Android 15)"}
}

func agreements(more ...customer.Purpose) []customer.Choice {
	choices := []customer.Choice{{Purpose: customer.Terms, Version: 1, Given: true}, {Purpose: customer.Privacy, Version: 1, Given: true}}
	for _, p := range more {
		choices = append(choices, customer.Choice{Purpose: p, Version: 1, Given: true})
	}
	return choices
}

// code asks for a code and reads it from the phone.
func (b *bank) code(by act.By, c auth.Client, purpose auth.CodePurpose, contact string) auth.CodeAnswer {
	b.t.Helper()
	b.clock.Advance(2 * time.Minute)
	sent, err := b.auth.SendCode(b.t.Context(), by, c, auth.CodeRequest{Purpose: purpose, Contact: contact})
	b.must(err)
	to := contact
	if to == "" {
		to = b.out.codes[len(b.out.codes)-1].To
	}
	return auth.CodeAnswer{Purpose: purpose, Challenge: sent.Challenge, Code: crypto.Secret(b.out.lastCode(to).Code)}
}

// register makes a customer by phone who has agreed to the use of his face.
func (b *bank) register(phone string) person {
	b.t.Helper()
	by, c := visitor(), device()
	w, err := b.customers.Register(b.t.Context(), by, c, customer.Registration{
		Code: b.code(by, c, auth.CodeRegister, phone), Password: password, Consents: agreements(customer.Biometrics),
	})
	b.must(err)
	c.Device = w.SignedIn.DeviceToken
	return person{w.Customer.ID, phone, c, w.SignedIn.Session.Identify(by)}
}

// stepUp proves a person by password and code.
func (b *bank) stepUp(p person, purpose auth.Purpose, m auth.Method) crypto.Secret {
	b.t.Helper()
	f := auth.Factor{Method: m, Password: password}
	if m == auth.MethodPasswordAndCode {
		a := b.code(p.by, p.client, auth.CodeStepUp, "")
		f.Code, f.Challenge = a.Code, a.Challenge
	}
	made, err := b.auth.StepUp(b.t.Context(), p.by, p.client, purpose, f)
	b.must(err)
	return made.Proof
}

// picture is a picture with a pattern of its own for each seed.
func picture(seed int) []byte {
	const side = 64
	p := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			p.SetGray(x, y, color.Gray{Y: uint8((x / 8 * seed * 37) ^ (y/8*53 + seed*91))})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// blank is a picture of one grey.
func blank() []byte {
	var out bytes.Buffer
	p := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range p.Pix {
		p.Pix[i] = 90
	}
	if err := png.Encode(&out, p); err != nil {
		panic(err)
	}
	return out.Bytes()
}

const (
	front = 1
	back  = 2
	face  = 3
)

// papers are name and number of a person with a serial that the simulator knows, or not.
func papers(serial string) (name, number string) {
	return "王小明", numbered("110101", "19900307", serial)
}

// collect goes through the wizard to its last step.
func (b *bank) collect(p person, serial string) {
	b.t.Helper()
	name, number := papers(serial)
	_, err := b.customers.StartVerification(b.t.Context(), p.by, name, number)
	b.must(err)
	_, err = b.customers.AddDocument(b.t.Context(), p.by, customer.Front, picture(front))
	b.must(err)
	v, err := b.customers.AddDocument(b.t.Context(), p.by, customer.Back, picture(back))
	b.must(err)
	if v.State != customer.Documents {
		b.t.Fatalf("with both sides: %s", v.State)
	}
	v, err = b.customers.AddFace(b.t.Context(), p.by, picture(face))
	b.must(err)
	if v.State != customer.Face || !v.HasFront || !v.HasBack || !v.HasFace {
		b.t.Fatalf("with the face: %+v", v)
	}
}

func (b *bank) submit(p person) {
	b.t.Helper()
	v, err := b.customers.SubmitVerification(b.t.Context(), p.by)
	b.must(err)
	if v.State != customer.Submitted {
		b.t.Fatalf("submitted: %s", v.State)
	}
}

// verify takes a person through the whole wizard.
func (b *bank) verify(p person, serial string) customer.Verification {
	b.t.Helper()
	b.collect(p, serial)
	b.submit(p)
	b.work(0)
	return b.progress(p)
}

func (b *bank) progress(p person) customer.Verification {
	b.t.Helper()
	v, err := b.customers.Verification(b.t.Context(), p.by)
	b.must(err)
	return v
}

func (b *bank) profile(p person) customer.Profile {
	b.t.Helper()
	profile, err := b.customers.Profile(b.t.Context(), p.by)
	b.must(err)
	return profile
}

func (b *bank) blocked(p person) error {
	b.t.Helper()
	var refusal error
	b.read(func(tx *db.Tx) error {
		blocked, err := b.customers.Blocked(b.t.Context(), tx, []id.Customer{p.id, p.id})
		refusal = blocked[p.id]
		return err
	})
	return refusal
}

// number is a phone that nobody else has in the test.
func number(n int) string { return fmt.Sprintf("+86138001380%02d", n) }
