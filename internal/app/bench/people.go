package bench

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"sync"
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

// person is somebody who pays: verified, with an account, a PIN and a session.
type person struct {
	serial  int
	by      act.By
	token   crypto.Secret // of the session
	account id.Account
	number  string
}

const (
	atOnce     = 16 // people made at the same time
	fundsMinor = 100_000_000
	face       = customer.Side("face")
)

// populate makes everybody through the bank's services, as the demo does.
func (w *world) populate(ctx context.Context) error {
	if err := w.open(ctx, options{relaxed: true, live: true}); err != nil {
		return err
	}
	defer w.close()
	w.load.Progress(fmt.Sprintf("making %d customers …", w.load.Customers))
	if err := w.lift(ctx); err != nil {
		return err
	}
	w.pictures = map[customer.Side][]byte{customer.Front: picture(60), customer.Back: picture(140), face: picture(220)}
	var err error
	if w.password, err = w.bank.Auth.HashPassword(ctx, secretWord); err != nil {
		return err
	}
	for i := range w.load.Customers {
		w.people = append(w.people, &person{serial: i})
	}
	if err := each(w.people, w.join); err != nil {
		return err
	}
	if err := w.bank.Jobs.Drain(ctx); err != nil { // the provider of identities answers by a job
		return err
	}
	if err := each(w.people, w.equip); err != nil {
		return err
	}
	return w.fund(ctx)
}

// each runs an act for all, some at a time, and tells the first failure.
func each[T any](all []T, do func(T) error) error {
	var wg sync.WaitGroup
	var once sync.Once
	var failed error
	room := make(chan struct{}, atOnce)
	for _, one := range all {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			if err := do(one); err != nil {
				once.Do(func() { failed = err })
			}
		})
	}
	wg.Wait()
	return failed
}

// join makes somebody a customer with a session, who asks to be verified.
func (w *world) join(p *person) error {
	ctx := context.Background()
	contact, err := auth.ParsePhone(fmt.Sprintf("138%08d", p.serial))
	if err != nil {
		return err
	}
	var consents []customer.Choice
	for _, t := range customer.ConsentTexts() {
		consents = append(consents, customer.Choice{Purpose: t.Purpose, Version: t.Version, Given: true})
	}
	by := act.By{Channel: act.Mobile, Branch: act.HeadOffice, Address: "127.0.0.1"}
	c, err := w.bank.Customers.Admit(ctx, by, customer.Admission{Contact: auth.Vouched(contact), Password: w.password, Consents: consents, Locale: i18n.ZhHans})
	if err != nil {
		return fmt.Errorf("admit: %w", err)
	}
	p.by = act.Person(c.ID, act.Mobile)
	err = w.bank.DB.Write(ctx, func(tx *db.Tx) error {
		in, err := w.bank.Auth.OpenSession(ctx, tx, p.by, client(), auth.Principal(c.ID))
		p.by, p.token = in.Session.Identify(p.by), in.Token
		p.by.Address = "127.0.0.1"
		return err
	})
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return w.identify(ctx, p)
}

func client() auth.Client {
	return auth.Client{Audience: auth.App, Agent: "Tongbao bench", Locale: i18n.ZhHans}
}

func (w *world) identify(ctx context.Context, p *person) error {
	c := w.bank.Customers
	if _, err := c.StartVerification(ctx, p.by, "王"+string([]rune("安宁清和晓明文博雨晨")[p.serial%10]), idNumber(p.serial)); err != nil {
		return fmt.Errorf("start verification: %w", err)
	}
	for _, side := range []customer.Side{customer.Front, customer.Back} {
		if _, err := c.AddDocument(ctx, p.by, side, w.pictures[side]); err != nil {
			return fmt.Errorf("show a document: %w", err)
		}
	}
	if _, err := c.AddFace(ctx, p.by, w.pictures[face]); err != nil {
		return fmt.Errorf("show the face: %w", err)
	}
	_, err := c.SubmitVerification(ctx, p.by)
	return err
}

// equip gives somebody who was verified a PIN and an account. That verification proves him for the PIN: proving
// thousands by their passwords would take the machine minutes.
func (w *world) equip(p *person) error {
	ctx := context.Background()
	v, err := w.bank.Customers.Verification(ctx, p.by)
	if err != nil {
		return err
	}
	seen := auth.Evidence{Reverified: auth.Reverified{Principal: auth.Principal(p.by.Customer()), Verification: v.ID, At: w.bank.Clock.Now().Add(-time.Second)}}
	if err := w.bank.Auth.SetPIN(ctx, p.by, client(), seen, auth.PINChoice{PIN: secretPIN}); err != nil {
		return fmt.Errorf("choose a PIN: %w", err)
	}
	a, err := w.bank.Deposits.Open(ctx, p.by, deposit.Opening{Customer: p.by.Customer(), Product: "current_1"})
	if err != nil {
		return fmt.Errorf("open an account: %w", err)
	}
	p.account = a.ID
	return w.bank.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := w.bank.Deposits.Holding(ctx, tx, p.by.Customer(), a.ID)
		p.number = h.Number
		return err
	})
}

// fund gives everybody the same money from outside the bank.
func (w *world) fund(ctx context.Context) error {
	amount := money.New(fundsMinor, money.CNY)
	journals := make([]ledger.Journal, len(w.people))
	for i, p := range w.people {
		journals[i] = fromOutside(p.account, amount)
	}
	w.journals += int64(len(journals))
	return w.post(ctx, journals)
}

func fromOutside(account id.Account, amount money.Amount) ledger.Journal {
	return ledger.Journal{Act: "bench.fund", Reference: string(account), By: act.Job("bench"), Lines: []ledger.Line{
		{Account: ledger.Own(ledger.CentralBank, money.CNY, act.HeadOffice), Side: ledger.Debit, Amount: amount},
		{Account: string(account), Side: ledger.Credit, Amount: amount},
	}}
}

// post books journals that have to succeed.
func (w *world) post(ctx context.Context, journals []ledger.Journal) error {
	return w.bank.DB.Write(ctx, func(tx *db.Tx) error {
		outcomes, err := w.bank.Ledger.Post(ctx, tx, journals)
		if err != nil {
			return err
		}
		for _, o := range outcomes {
			if o.Err != nil {
				return o.Err
			}
		}
		return nil
	})
}

// idNumber is the n-th number of the right form (GB 11643-1999) of a grown-up.
func idNumber(n int) string {
	const perDay = 800 // serials from 980 on make the simulated provider fail
	birth := clock.DateOf(time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC), time.UTC).AddDays(n / perDay)
	body := fmt.Sprintf("110101%04d%02d%02d%03d", birth.Year(), int(birth.Month()), birth.Day(), 100+n%perDay)
	sum := 0
	for i, weight := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}

// picture is a small image with something on it.
func picture(shade uint8) []byte {
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
