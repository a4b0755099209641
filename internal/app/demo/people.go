package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// role is what somebody does in the demo's life.
type role int

const (
	employer role = iota
	shop
	landlord
	household
	stall
)

// soul is one made-up person.
type soul struct {
	role     role
	phone    string
	password string
	pin      string
	name     string
	birth    clock.Date
	male     bool
	class    int // of the account
	serial   int // of the ID number
	wage     int64
	rent     int64
	works    int // index of the employer
	rents    int // index of the landlord

	customer id.Customer
	account  id.Account
	abroad   id.Account // in another currency; empty for most
	number   string
	by       act.By
}

const (
	surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
	givens   = "安宁清和晓明文博雨晨思远佳怡子涵浩然一诺梓萱欣悦若溪静姝知行书墨景行云舒星河望舒青禾竹溪南乔北辰惠兰春华秋实国庆建业桂芳秀英志强玉珍"
	genders  = 2
)

// stallNames are the keepers of two stalls who live on class III accounts. In the course of the year these move so much
// that the bank asks for a document: of the first a few days ago; the second has let the days pass.
var stallNames = [...]string{"何晓禾", "孟青"}

// firstStall is the last digit of the first keeper's phone.
const firstStall = 3

// quickProvider answers at once: a demo year has no time to wait.
func quickProvider(c clock.Clock) customer.Provider { return customer.NewSimulator(c, 0) }

// cast makes the people of the plan. Its order is fixed, so equal seeds make equal people.
func (w *world) cast() []*soul {
	var all []*soul
	add := func(r role, n int) {
		for range n {
			all = append(all, w.soul(r, len(all)))
		}
	}
	n := w.plan.Customers
	add(employer, max(2, n/40))
	add(shop, max(4, n/15))
	add(landlord, max(2, n/30))
	add(household, n)
	ready := all[len(all)-n]
	ready.phone, ready.password, ready.pin, ready.name, ready.class = Ready().Phone, Ready().Password, Ready().PIN, "周宁", 1
	all[len(all)-1].class = 1 // saves more than he can, which class III may not
	for i := range stallNames {
		s := w.soul(stall, len(all))
		s.phone, s.name, s.class = fmt.Sprintf("1390000000%d", firstStall+i), stallNames[i], 3
		s.birth, s.male, s.serial = clock.DateOf(time.Date(1988, 4, 12, 0, 0, 0, 0, time.UTC), time.UTC), true, 901+2*i
		all = append(all, s)
	}
	ready.birth, ready.wage, ready.rent = clock.DateOf(time.Date(1991, 5, 17, 0, 0, 0, 0, time.UTC), time.UTC), 1_680_000, 320_000
	return all
}

func (w *world) soul(r role, index int) *soul {
	const oldest, youngest = 82, 17
	age := youngest + w.chance.IntN(oldest-youngest)
	if r != household {
		age = 30 + w.chance.IntN(30)
	}
	s := &soul{
		role: r, phone: fmt.Sprintf("139%08d", 10_000+index), password: Ready().Password, pin: Ready().PIN, name: w.name(), male: w.chance.IntN(genders) == 0,
		birth: w.first.AddDays(-age*365 - w.chance.IntN(365)), class: 1, serial: 100 + index%800,
		works: w.chance.IntN(1000), rents: w.chance.IntN(1000),
	}
	if r == household {
		s.class = []int{1, 1, 1, 1, 1, 1, 2, 2, 3, 3}[w.chance.IntN(10)]
		s.wage = int64(4_000+w.chance.IntN(18_000)) * 100
		if w.chance.IntN(2) == 0 {
			s.rent = int64(1_200+w.chance.IntN(3_800)) * 100
		}
	}
	return s
}

func (w *world) name() string {
	family, given := []rune(surnames), []rune(givens)
	s := string(family[w.chance.IntN(len(family))]) + string(given[w.chance.IntN(len(given))])
	if w.chance.IntN(3) > 0 {
		s += string(given[w.chance.IntN(len(given))])
	}
	return s
}

// idNumber is a number of the right form: division, birth, serial, check digit (GB 11643-1999). Its division is a
// district of Beijing for everybody.
func (s *soul) idNumber() string {
	serial := s.serial
	if (serial%2 == 1) != s.male {
		serial++
	}
	body := fmt.Sprintf("110101%04d%02d%02d%03d", s.birth.Year(), int(s.birth.Month()), s.birth.Day(), serial)
	sum := 0
	for i, weight := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}

// join makes somebody a customer: registered, signed in, with a PIN, and asking to be verified.
func (w *world) join(ctx context.Context, s *soul) error {
	contact, err := auth.ParsePhone(s.phone)
	if err != nil {
		return err
	}
	by := act.By{Channel: act.Mobile, Branch: act.HeadOffice, Address: "127.0.0.1"}
	c, err := w.bank.Customers.Admit(ctx, by, customer.Admission{
		Contact: auth.Vouched(contact), Password: w.password, Consents: agreeToAll(), Locale: i18n.ZhHans,
	})
	if err != nil {
		return fmt.Errorf("admit: %w", err)
	}
	s.customer, s.by = c.ID, act.Person(c.ID, act.Mobile)
	if err := w.signIn(ctx, s); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if err := w.verify(ctx, s); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if err := w.choosePIN(ctx, s); err != nil {
		return fmt.Errorf("choose a PIN: %w", err)
	}
	return nil
}

// openAccount opens the account of somebody who has been verified.
func (w *world) openAccount(ctx context.Context, s *soul) error {
	a, err := w.bank.Deposits.Open(ctx, s.by, deposit.Opening{Customer: s.customer, Product: fmt.Sprintf("current_%d", s.class)})
	if err != nil {
		return fmt.Errorf("open an account: %w", err)
	}
	s.account = a.ID
	return w.bank.DB.Read(ctx, func(tx *db.Tx) error {
		h, err := w.bank.Deposits.Holding(ctx, tx, s.customer, a.ID)
		s.number = h.Number
		return err
	})
}

func agreeToAll() []customer.Choice {
	var all []customer.Choice
	for _, t := range customer.ConsentTexts() {
		all = append(all, customer.Choice{Purpose: t.Purpose, Version: t.Version, Given: true})
	}
	return all
}

func (w *world) signIn(ctx context.Context, s *soul) error {
	return w.bank.DB.Write(ctx, func(tx *db.Tx) error {
		in, err := w.bank.Auth.OpenSession(ctx, tx, s.by, w.client, auth.Principal(s.customer))
		s.by = in.Session.Identify(s.by)
		return err
	})
}

// verify goes through the wizard as far as the account's class asks.
func (w *world) verify(ctx context.Context, s *soul) error {
	c := w.bank.Customers
	if _, err := c.StartVerification(ctx, s.by, s.name, s.idNumber()); err != nil {
		return err
	}
	if s.class <= 2 {
		for side, shade := range map[customer.Side]uint8{customer.Front: 60, customer.Back: 140} {
			if _, err := c.AddDocument(ctx, s.by, side, w.picture(shade)); err != nil {
				return err
			}
		}
	}
	if s.class == 1 {
		if _, err := c.AddFace(ctx, s.by, w.picture(220)); err != nil {
			return err
		}
	}
	_, err := c.SubmitVerification(ctx, s.by)
	return err
}

// picture is a small image with something on it: pictures of people do not belong in a demo.
func (w *world) picture(shade uint8) []byte {
	const width, height = 96, 64
	if p, ok := w.pictures[shade]; ok {
		return p
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{R: shade, G: uint8(x * 2), B: uint8(y * 3), A: 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	w.pictures[shade] = b.Bytes()
	return b.Bytes()
}

func (w *world) choosePIN(ctx context.Context, s *soul) error {
	proof, err := w.bank.Auth.StepUp(ctx, s.by, w.client, auth.PurposePIN, auth.Factor{Method: auth.MethodPassword, Password: crypto.Secret(s.password)})
	if err != nil {
		return err
	}
	return w.bank.Auth.SetPIN(ctx, s.by, w.client, auth.Evidence{Proof: proof.Proof}, auth.PINChoice{PIN: crypto.Secret(s.pin), Birth: s.birth})
}
