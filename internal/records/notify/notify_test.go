package notify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/outbound"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	wang = id.Customer("cust_wang")
	li   = id.Customer("cust_li")
)

// office is the room in a small bank: two customers, some templates, a gateway and a mail server outside.
type office struct {
	*notify.Service
	db    *db.DB
	clock *clock.Fake
	vault *vault.Vault
	sms   *gateway
	mail  *mailServer
	book  map[id.Customer]notify.Contact
	audit *auditor
}

func texts() i18n.Messages {
	return i18n.Messages{
		"notify.test.received.title": {"到账{amount}", "入賬{amount}", "You received {amount}"},
		"notify.test.received.body":  {"{payer}于{at}向您转账{amount}。", "{payer}於{at}向您轉賬{amount}。", "{payer} sent you {amount} on {at}."},
		"notify.test.received.sms":   {"【通宝】到账{amount}", "【通寶】入賬{amount}", "[Tongbao] Received {amount}"},
		"notify.test.sign_in.title":  {"新设备登录", "新裝置登入", "A new device"},
		"notify.test.sign_in.body":   {"您的账户在新设备上登录。", "您的帳戶在新裝置上登入。", "A new device signed in."},
		"notify.test.sign_in.sms":    {"【通宝】新设备登录", "【通寶】新裝置登入", "[Tongbao] A new device signed in"},
		"notify.test.offer.title":    {"优惠", "優惠", "An offer"},
		"notify.test.offer.body":     {"为您准备的优惠", "為您準備的優惠", "Something for you"},
		"notify.test.offer.sms":      {"【通宝】优惠", "【通寶】優惠", "[Tongbao] An offer"},
		"notify.test.code.title":     {"验证码", "驗證碼", "Your code"},
		"notify.test.code.body":      {"验证码{code}，{minutes}分钟内有效。", "驗證碼{code}，{minutes}分鐘內有效。", "Your code is {code}. It is good for {minutes} minutes."},
		"notify.test.code.sms":       {"【通宝】验证码{code}，{minutes}分钟内有效", "【通寶】驗證碼{code}，{minutes}分鐘內有效", "[Tongbao] {code}, good for {minutes} minutes"},
	}
}

func templates() []notify.Template {
	all := []notify.Channel{notify.Inbox, notify.Mail, notify.SMS}
	return []notify.Template{
		{Name: "test.received", Category: notify.CategoryTransaction, Channels: all},
		{Name: "test.sign_in", Category: notify.CategorySecurity, Channels: all},
		{Name: "test.offer", Category: notify.CategoryMarketing, Channels: all},
		{Name: "test.code", Category: notify.CategorySecurity, Channels: []notify.Channel{notify.Mail, notify.SMS}},
	}
}

func domains() []db.Migrations {
	return []db.Migrations{vault.Migrations(), job.Migrations(), notify.Migrations()}
}

// each runs a test in a small bank on both databases. It is noon there; change tunes the bank before it opens.
func each(t *testing.T, change func(*notify.Parts), test func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, domains(), func(t *testing.T, d *db.DB) { test(t, newOffice(t, d, change)) })
}

func newOffice(t *testing.T, d *db.DB, change func(*notify.Parts)) *office {
	t.Helper()
	ring, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{
		db: d, clock: clock.NewFake(time.Now()), vault: vault.New(ring), sms: &gateway{}, mail: newMailServer(t), audit: &auditor{},
		book: map[id.Customer]notify.Contact{
			wang: {Phone: "+8613800000001", Email: "wang@example.com", Locale: i18n.ZhHans},
			li:   {Phone: "+8613800000002", Locale: i18n.En},
		},
	}
	mailer, err := outbound.NewSMTP(outbound.SMTPConfig{Host: "127.0.0.1", Port: o.mail.port, TLS: outbound.PlainText, From: "bank@example.com", FromName: "通宝"})
	if err != nil {
		t.Fatal(err)
	}
	jobs := job.New(d, o.clock, job.Config{Poll: 5 * time.Millisecond})
	parts := notify.Parts{
		DB: d, Clock: o.clock, Zone: zone, Catalog: i18n.NewCatalog(texts(), notify.Texts()), Vault: o.vault, Rules: figures{},
		Audit: o.audit, Jobs: jobs, Mailer: mailer, SMS: o.sms,
		Directory: notify.DirectoryFunc(func(_ context.Context, _ *db.Tx, c id.Customer) (notify.Contact, error) { return o.book[c], nil }),
	}
	if change != nil {
		change(&parts)
	}
	if o.Service, err = notify.New(parts); err != nil {
		t.Fatal(err)
	}
	if err := o.Register(templates()...); err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		return errors.Join(o.vault.Create(t.Context(), tx, string(wang)), o.vault.Create(t.Context(), tx, string(li)))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { jobs.Close() })
	return o
}

func (o *office) send(t *testing.T, notices ...notify.Notice) {
	t.Helper()
	if err := o.db.Write(t.Context(), func(tx *db.Tx) error { return o.Send(t.Context(), tx, notices) }); err != nil {
		t.Fatal(err)
	}
}

func (o *office) sendCode(t *testing.T, c notify.Code) error {
	t.Helper()
	return o.db.Write(t.Context(), func(tx *db.Tx) error { return o.SendCode(t.Context(), tx, c) })
}

// settled waits until no delivery is on its way, and gives the ends of all in order: "sms sent".
func (o *office) settled(t *testing.T) []string {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		var ends []string
		err := o.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(t.Context(), func(r db.Row) error {
				var channel, state, reason string
				var content []byte
				err := r.Scan(&channel, &state, &reason, &content)
				if (state == "pending") != (content != nil) {
					t.Errorf("a delivery that is %s: content kept %v", state, content != nil)
				}
				ends = append(ends, strings.TrimSpace(channel+" "+state+" "+reason))
				return err
			}, `SELECT channel, state, reason, content FROM notify_delivery ORDER BY channel, id`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(ends, func(e string) bool { return strings.Contains(e, "pending") }) {
			return ends
		}
		if time.Now().After(deadline) {
			t.Fatalf("still on their way: %q", ends)
		}
		time.Sleep(5 * time.Millisecond)
		o.clock.Advance(5 * time.Second) // so that what waits for a further attempt is due
	}
}

func person(c id.Customer) act.By { return act.Person(c, act.Mobile) }

// gateway is an SMS gateway that answers as it was told: one error for each attempt, then success.
type gateway struct {
	mu      sync.Mutex
	answers []error
	taken   []outbound.Short
	tried   []string // ids
}

func (g *gateway) Send(_ context.Context, m outbound.Short) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tried = append(g.tried, m.ID)
	if len(g.answers) > 0 {
		err := g.answers[0]
		g.answers = g.answers[1:]
		if err != nil {
			return "", err
		}
	}
	g.taken = append(g.taken, m)
	return "ref", nil
}

func (g *gateway) texts() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []string
	for _, m := range g.taken {
		all = append(all, m.To+" "+m.Text)
	}
	return all
}

// figures are those of the day, as records/rule would give them.
type figures struct{}

func (figures) Int(_ context.Context, key string, _ clock.Date) (int64, error) {
	n, known := map[string]int64{
		"notify.quiet.from_hours": 21, "notify.quiet.until_hours": 8, "notify.delivery.tries_count": 3,
		"notify.delivery.keep_days": 185, "notify.message.keep_days": 730, "notify.demo.keep_days": 7,
	}[key]
	if !known {
		return 0, fmt.Errorf("no figure %s", key)
	}
	return n, nil
}

type auditor struct{ records []audit.Record }

func (a *auditor) Append(_ context.Context, _ *db.Tx, records []audit.Record) error {
	a.records = append(a.records, records...)
	return nil
}

// mailServer is a real SMTP server on this machine. It refuses nobody@example.com for good.
type mailServer struct {
	port int
	mu   sync.Mutex
	got  []string // "to subject: text"
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	s := &mailServer{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{server: s}, nil }))
	server.Domain = "mail.test"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return s
}

func (s *mailServer) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

type mailSession struct {
	server *mailServer
	to     string
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *mailSession) Reset()                               {}
func (s *mailSession) Logout() error                        { return nil }

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == "nobody@example.com" {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.got = append(s.server.got, s.to+" "+subject)
	return nil
}
