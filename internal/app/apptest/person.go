package apptest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// What everybody in tests has.
const (
	Password = "a quiet harbour 27"
	PIN      = "258036"
)

// Person is a customer of a test's bank, signed in on a native app.
type Person struct {
	*Client
	Customer id.Customer
	By       act.By
	Phone    string // as typed: 139...
	Name     string
	IDNumber string
	Account  id.Account
	Number   string // of the account
	device   crypto.Secret
}

// wish is what a test wants of a person.
type wish struct {
	level int
	class int
	funds string
	pin   bool
}

// Wish says what a person shall be; without any, a person has face-verified identity, a PIN and an empty class I account.
type Wish func(*wish)

// Has gives the person money, in yuan.
func Has(yuan string) Wish { return func(w *wish) { w.funds = yuan } }

// Class asks for an account of another class.
func Class(class int) Wish { return func(w *wish) { w.class = class } }

// Level asks for verification up to a level; 0 is a newcomer, who has no account.
func Level(level int) Wish {
	return func(w *wish) {
		w.level = level
		if level == 0 {
			w.class = 0
		}
	}
}

// NoAccount leaves the account out.
func NoAccount() Wish { return func(w *wish) { w.class = 0 } }

// NoPIN leaves the payment PIN out.
func NoPIN() Wish { return func(w *wish) { w.pin = false } }

// NewPerson makes a person through the bank's services.
func (b *Bank) NewPerson(wishes ...Wish) *Person {
	b.t.Helper()
	w := wish{level: 3, class: 1, pin: true}
	for _, change := range wishes {
		change(&w)
	}
	p := b.newcomer()
	if w.level > 0 {
		b.verify(p, w.level)
	}
	if w.pin {
		b.choosePIN(p)
	}
	if w.class > 0 {
		p.Account, p.Number = p.Open(w.class)
	}
	if w.funds != "" {
		p.Fund(p.Account, w.funds)
	}
	return p
}

// newcomer admits somebody and signs him in.
func (b *Bank) newcomer() *Person {
	b.t.Helper()
	b.mu.Lock()
	n := b.people
	b.people++
	b.mu.Unlock()
	p := &Person{Client: b.Native(), Phone: fmt.Sprintf("139%08d", 10_000_000+n*7919), Name: name(n), IDNumber: IDNumber(n)}
	contact, err := auth.ParsePhone(p.Phone)
	b.must(err)
	var consents []customer.Choice
	for _, t := range customer.ConsentTexts() {
		consents = append(consents, customer.Choice{Purpose: t.Purpose, Version: t.Version, Given: true})
	}
	by := act.By{Channel: act.Mobile, Branch: act.HeadOffice, Address: "127.0.0.1"}
	c, err := b.Customers.Admit(b.t.Context(), by, customer.Admission{Contact: auth.Vouched(contact), Password: b.password, Consents: consents, Locale: i18n.En})
	b.must(err)
	p.Customer, p.device = c.ID, auth.NewDeviceToken()
	p.SignIn()
	return p
}

// SignIn opens a new session on the person's device: sessions end when a test lets time pass.
func (p *Person) SignIn() {
	p.bank.t.Helper()
	p.By = act.Person(p.Customer, act.Mobile)
	p.bank.must(p.bank.DB.Write(p.bank.t.Context(), func(tx *db.Tx) error {
		client := auth.Client{Audience: auth.App, Agent: "Tongbao test", Locale: i18n.En, Device: p.device}
		in, err := p.bank.Auth.OpenSession(p.bank.t.Context(), tx, p.By, client, auth.Principal(p.Customer))
		p.By = in.Session.Identify(p.By)
		p.By.Address = "127.0.0.1"
		p.Token, p.Device = in.Token.Reveal(), p.device.Reveal()
		return err
	}))
}

// Another is the person on a second device, signed in.
func (p *Person) Another() *Person {
	p.bank.t.Helper()
	other := *p
	other.Client, other.device = p.bank.Native(), auth.NewDeviceToken()
	other.SignIn()
	return &other
}

func (b *Bank) verify(p *Person, level int) {
	b.t.Helper()
	ctx, c := b.t.Context(), b.Customers
	_, err := c.StartVerification(ctx, p.By, p.Name, p.IDNumber)
	b.must(err)
	if level > 1 {
		for side, shade := range map[customer.Side]uint8{customer.Front: 60, customer.Back: 140} {
			_, err := c.AddDocument(ctx, p.By, side, Picture(shade))
			b.must(err)
		}
	}
	if level > 2 {
		_, err := c.AddFace(ctx, p.By, Picture(220))
		b.must(err)
	}
	_, err = c.SubmitVerification(ctx, p.By)
	b.must(err)
	b.must(b.Jobs.Drain(ctx))
}

func (b *Bank) choosePIN(p *Person) {
	b.t.Helper()
	client := auth.Client{Audience: auth.App, Device: p.device, Locale: i18n.En}
	proof, err := b.Auth.StepUp(b.t.Context(), p.By, client, auth.PurposePIN, auth.Factor{Method: auth.MethodPassword, Password: Password})
	b.must(err)
	b.must(b.Auth.SetPIN(b.t.Context(), p.By, client, auth.Evidence{Proof: proof.Proof}, auth.PINChoice{PIN: PIN}))
}

// Open opens an account of a class, and answers its id and number.
func (p *Person) Open(class int) (id.Account, string) {
	b := p.bank
	b.t.Helper()
	a, err := b.Deposits.Open(b.t.Context(), p.By, deposit.Opening{Customer: p.Customer, Product: "current_" + strconv.Itoa(class)})
	b.must(err)
	var number string
	b.must(b.DB.Read(b.t.Context(), func(tx *db.Tx) error {
		h, err := b.Deposits.Holding(b.t.Context(), tx, p.Customer, a.ID)
		number = h.Number
		return err
	}))
	return a.ID, number
}

// Fund puts money from outside the bank into an account of the person's, in yuan.
func (p *Person) Fund(account id.Account, yuan string) {
	b := p.bank
	b.t.Helper()
	amount, err := money.Parse(yuan, money.CNY)
	b.must(err)
	b.must(b.DB.Write(b.t.Context(), func(tx *db.Tx) error {
		outcomes, err := b.Ledger.Post(b.t.Context(), tx, []ledger.Journal{{
			Act: "test.fund", Reference: string(account), By: act.Job("test"),
			Lines: []ledger.Line{
				{Account: ledger.Own(ledger.CentralBank, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: amount},
				{Account: string(account), Side: ledger.Credit, Amount: amount},
			},
		}})
		if err != nil {
			return err
		}
		return outcomes[0].Err
	}))
}

// Balance is what the person's account holds and what of it is free, in yuan.
func (p *Person) Balance() (booked, available string) {
	b := p.bank
	b.t.Helper()
	b.must(b.DB.Read(b.t.Context(), func(tx *db.Tx) error {
		h, err := b.Deposits.Holding(b.t.Context(), tx, p.Customer, p.Account)
		booked, available = h.Balance.Booked.String(), h.Balance.Available().String()
		return err
	}))
	return booked, available
}

// Draft is the body of a check: from the person's account, at once.
func (p *Person) Draft(to *Person, yuan string) map[string]any {
	return map[string]any{
		"fromAccountId": p.Account, "payee": map[string]any{"accountNumber": to.Number},
		"amount": map[string]any{"amount": yuan, "currency": "CNY"}, "arrival": "real_time",
	}
}

// Change is a copy of a body with a field changed.
func Change(body map[string]any, name string, value any) map[string]any {
	out := map[string]any{name: value}
	for k, v := range body {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// Check asks what a payment would do.
func (p *Person) Check(to *Person, yuan string) Answer {
	p.bank.t.Helper()
	return p.Post("/transfers/check", p.Draft(to, yuan))
}

// Order is the body of a payment that a PIN proves.
func Order(intent, pin string) map[string]any {
	return map[string]any{"intent": intent, "proof": map[string]any{"method": "pin", "pin": pin}}
}

// Send pays what a check answered, proved by the PIN.
func (p *Person) Send(checked Answer, headers ...Header) Answer {
	p.bank.t.Helper()
	if len(headers) == 0 {
		headers = []Header{NewKey()}
	}
	checked.Is(http.StatusOK)
	return p.Post("/transfers", Order(checked.At("intent"), PIN), headers...)
}

// Pay checks and sends.
func (p *Person) Pay(to *Person, yuan string) Answer {
	p.bank.t.Helper()
	return p.Send(p.Check(to, yuan))
}

// BulkDraft is a bulk payment of one amount to each of some people.
func (p *Person) BulkDraft(yuan string, to ...*Person) map[string]any {
	lines := make([]any, len(to))
	for i, payee := range to {
		lines[i] = map[string]any{"payee": map[string]any{"accountNumber": payee.Number}, "amount": map[string]any{"amount": yuan, "currency": "CNY"}}
	}
	return map[string]any{"fromAccountId": p.Account, "arrival": "real_time", "lines": lines}
}

// SendBulk pays what the check of a list answered, proved by the PIN.
func (p *Person) SendBulk(checked Answer, headers ...Header) Answer {
	p.bank.t.Helper()
	if len(headers) == 0 {
		headers = []Header{NewKey()}
	}
	checked.Is(http.StatusOK)
	return p.Post("/bulk-payments", Order(checked.At("intent"), PIN), headers...)
}

// StepUp proves the person by password for a purpose, and answers the proof's header.
func (p *Person) StepUp(purpose string) Header {
	p.bank.t.Helper()
	a := p.Post("/step-ups", map[string]any{"purpose": purpose, "method": "password", "password": Password}).Is(http.StatusCreated)
	return Proof(a.At("proof"))
}

// Inbox is the newest code that the bank sent to a phone or mail address.
func (b *Bank) Inbox(to string) string {
	b.t.Helper()
	b.must(b.Jobs.Drain(b.t.Context()))
	copies, err := b.Notify.Copies(b.t.Context(), to, 1)
	b.must(err)
	if len(copies) == 0 {
		b.t.Fatalf("nothing was sent to %s", to)
	}
	return copies[0].Code
}

// Private are texts of a person that no answer to anybody may hold.
func (p *Person) Private() []string {
	return []string{p.IDNumber, p.Phone, p.Name, Password, `"` + PIN + `"`}
}

// name is a made-up name; names of neighbours share no character.
func name(n int) string {
	family, given := []rune("王李张刘陈杨赵黄周吴"), []rune("晓明清和文博雨晨思远佳怡舒河书墨景行")
	return string(family[n%len(family)]) + string(given[(2*n)%len(given)]) + string(given[(2*n+1)%len(given)])
}

// Mask is how others see a name of two or three characters.
func Mask(name string) string { return customer.MaskName(name) }

// IDNumber is a number of the right form (GB 11643-1999) of a grown-up, the n-th of its kind.
func IDNumber(n int) string {
	birth := clock.DateOf(time.Date(1980+n%20, time.May, 1+n%28, 0, 0, 0, 0, time.UTC), time.UTC)
	body := fmt.Sprintf("110101%s%03d", strings.ReplaceAll(birth.String(), "-", ""), 100+n%800)
	sum := 0
	for i, weight := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}

// Picture is a small image with something on it; pictures of near shades resemble each other.
func Picture(shade uint8) []byte {
	const width, height = 96, 64
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{R: shade, G: uint8(x * 2), B: uint8(y * 3), A: 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return b.Bytes()
}

// Used is how much of one of the person's limits his account has used, as GET /limits tells.
func (p *Person) Used(kind string) string {
	p.bank.t.Helper()
	a := p.Get("/limits").Is(http.StatusOK)
	for i := range limitKindsMost {
		at := fmt.Sprintf("accounts.0.limits.%d.", i)
		if a.At(at+"kind") == kind {
			return a.At(at + "used.amount")
		}
	}
	return ""
}

const limitKindsMost = 8

// StepUpStrongly proves the person by password and a code together, and answers the proof's header.
func (p *Person) StepUpStrongly(purpose string) Header {
	p.bank.t.Helper()
	sent := p.Post("/codes", map[string]any{"purpose": "step_up"}).Is(http.StatusCreated)
	a := p.Post("/step-ups", map[string]any{
		"purpose": purpose, "method": "password_and_code", "password": Password, "challengeId": sent.At("challengeId"), "code": p.bank.Inbox(p.Phone),
	}).Is(http.StatusCreated)
	return Proof(a.At("proof"))
}
