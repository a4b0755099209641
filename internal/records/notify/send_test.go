package notify_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/outbound"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

func received(to id.Customer) notify.Notice {
	return notify.Notice{
		Customer: to, Template: "test.received", Subject: "trfr_1",
		Params: map[string]string{
			"amount": notify.Amount(money.New(128050, money.CNY)), "payer": "张*{amount}",
			"at": notify.Instant(time.Date(2026, 11, 22, 8, 5, 0, 0, time.UTC)),
		},
	}
}

func TestAMessageIsReadInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.send(t, received(wang))
		for locale, want := range map[i18n.Locale][2]string{
			i18n.ZhHans: {"到账¥1,280.50", "张*{amount}于2026年11月22日 16:05向您转账¥1,280.50。"},
			i18n.En:     {"You received CN¥1,280.50", "张*{amount} sent you CN¥1,280.50 on 22 Nov 2026, 16:05."},
		} {
			page, err := o.List(t.Context(), notify.Query{Customer: wang, Locale: locale})
			if err != nil || len(page) != 1 {
				t.Fatalf("%d messages, %v", len(page), err)
			}
			m := page[0]
			if m.Title != want[0] || m.Body != want[1] || m.Subject != "trfr_1" || m.Category != notify.CategoryTransaction || m.Read || m.At.IsZero() {
				t.Errorf("%s: %+v", locale, m)
			}
		}
	})
}

func TestParametersAreSealed(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.send(t, received(wang))
		err := o.db.Read(t.Context(), func(tx *db.Tx) error {
			stored, err := db.One(t.Context(), tx, db.Value[[]byte], `SELECT params FROM notify_message`)
			if strings.Contains(string(stored), "128") || strings.Contains(string(stored), "amount") || len(stored) == 0 {
				t.Errorf("stored in clear: %q", stored)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestANoticeGoesWhereItsReaderWantsIt(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.send(t, received(wang), received(li)) // of money: inbox and SMS are the standard, mail is not
		if ends := o.settled(t); !slices.Equal(ends, []string{"sms sent", "sms sent"}) {
			t.Errorf("ends %q", ends)
		}
		got := o.sms.texts()
		slices.Sort(got)
		if !slices.Equal(got, []string{"+8613800000001 【通宝】到账¥1,280.50", "+8613800000002 [Tongbao] Received CN¥1,280.50"}) {
			t.Errorf("SMS %q", got)
		}
		choose(t, o, wang, notify.Preference{Category: notify.CategoryTransaction, Channel: notify.SMS, On: false},
			notify.Preference{Category: notify.CategoryTransaction, Channel: notify.Mail, On: true})
		o.send(t, received(wang))
		if ends := o.settled(t); !slices.Equal(ends, []string{"mail sent", "sms sent", "sms sent"}) {
			t.Errorf("after choosing mail: %q", ends)
		}
		if got := o.mail.texts(); !slices.Equal(got, []string{"wang@example.com 到账¥1,280.50"}) {
			t.Errorf("mail %q", got)
		}
	})
}

func TestWhatIsAboutSecurityCannotBeSwitchedOff(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		for _, ch := range notify.Channels() {
			err := o.SetPreferences(t.Context(), person(wang), []notify.Preference{{Category: notify.CategorySecurity, Channel: ch}})
			if !errors.Is(err, notify.ErrFixed) {
				t.Errorf("%s: %v", ch, err)
			}
		}
		err := o.SetPreferences(t.Context(), person(wang), []notify.Preference{{Category: notify.CategoryTransaction, Channel: notify.Inbox}})
		if !errors.Is(err, notify.ErrFixed) {
			t.Errorf("money in the inbox: %v", err)
		}
		o.send(t, notify.Notice{Customer: wang, Template: "test.sign_in"})
		if ends := o.settled(t); !slices.Equal(ends, []string{"mail sent", "sms sent"}) {
			t.Errorf("ends %q", ends)
		}
	})
}

func TestOffersReachOnlyThoseWhoAskedForThem(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.clock.Set(time.Date(2030, 1, 7, 4, 0, 0, 0, time.UTC)) // noon in the bank
		offer := notify.Notice{Customer: wang, Template: "test.offer"}
		o.send(t, offer)
		if n := o.inbox(t, wang); n != 0 || len(o.settled(t)) != 0 {
			t.Errorf("an offer that nobody asked for: %d in the inbox, %q", n, o.settled(t))
		}
		choose(t, o, wang, notify.Preference{Category: notify.CategoryMarketing, Channel: notify.Inbox, On: true})
		o.send(t, offer)
		if n := o.inbox(t, wang); n != 1 || len(o.settled(t)) != 0 {
			t.Errorf("asked for in the inbox: %d there, %q", n, o.settled(t))
		}
	})
}

func TestOffersRestAtNight(t *testing.T) {
	t.Parallel()
	zone, _ := clock.Zone("Asia/Shanghai")
	for name, tc := range map[string]struct{ now, want string }{
		"by day at once":             {"2026-11-22 12:00", "2026-11-22 12:00"},
		"in the evening, tomorrow":   {"2026-11-22 21:00", "2026-11-23 08:00"},
		"after midnight, at eight":   {"2026-11-23 00:30", "2026-11-23 08:00"},
		"the last minute of the day": {"2026-11-22 20:59", "2026-11-22 20:59"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, err := time.ParseInLocation("2006-01-02 15:04", tc.now, zone)
			if err != nil {
				t.Fatal(err)
			}
			fake := clock.NewFake(now)
			dbtest.EachWith(t, db.Options{Clock: fake}, domains(), func(t *testing.T, d *db.DB) {
				o := newOffice(t, d, func(p *notify.Parts) { p.Demo = true })
				choose(t, o, wang, notify.Preference{Category: notify.CategoryMarketing, Channel: notify.SMS, On: true})
				o.send(t, notify.Notice{Customer: wang, Template: "test.offer"}, notify.Notice{Customer: wang, Template: "test.sign_in"})
				var at []string
				err := o.db.Read(t.Context(), func(tx *db.Tx) error {
					return tx.Each(t.Context(), func(r db.Row) error {
						var due time.Time
						err := r.Scan(&due)
						at = append(at, due.In(zone).Format("2006-01-02 15:04"))
						return err
					}, `SELECT j.run_at FROM job_job j JOIN notify_delivery d ON j.payload LIKE '%' || d.id || '%' WHERE d.template = 'test.offer'`)
				})
				if err != nil || !slices.Equal(at, []string{tc.want}) {
					t.Errorf("the offer leaves at %q, %v; want %s", at, err, tc.want)
				}
			})
		})
	}
}

func TestACodeGoesWhateverIsPreferred(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		expires := time.Now().Add(5 * time.Minute)
		if err := o.sendCode(t, notify.Code{To: "+8613900000000", Locale: i18n.En, Template: "test.code", Code: "246810", Expires: expires}); err != nil {
			t.Fatal(err)
		}
		if err := o.sendCode(t, notify.Code{To: "new@example.com", Template: "test.code", Code: "135790", Owner: string(wang), Expires: expires}); err != nil {
			t.Fatal(err)
		}
		if ends := o.settled(t); !slices.Equal(ends, []string{"mail sent", "sms sent"}) {
			t.Errorf("ends %q", ends)
		}
		if got := o.sms.texts(); !slices.Equal(got, []string{"+8613900000000 [Tongbao] 246810, good for 5 minutes"}) {
			t.Errorf("SMS %q", got)
		}
		if got := o.mail.texts(); !slices.Equal(got, []string{"new@example.com 验证码"}) {
			t.Errorf("mail %q", got)
		}
	})
}

func TestACodeThatCameTooLateIsNotSent(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		if err := o.sendCode(t, notify.Code{To: "+8613900000000", Template: "test.code", Code: "1", Expires: time.Now().Add(-time.Second)}); err != nil {
			t.Fatal(err)
		}
		if ends := o.settled(t); !slices.Equal(ends, []string{"sms skipped late"}) || len(o.sms.texts()) != 0 {
			t.Errorf("ends %q, SMS %q", ends, o.sms.texts())
		}
	})
}

func TestTheOldPhoneIsTold(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.send(t, notify.Notice{Customer: wang, Template: "test.sign_in", Contact: &notify.Contact{Phone: "+8613700000000", Locale: i18n.En}})
		if ends := o.settled(t); !slices.Equal(ends, []string{"sms sent"}) {
			t.Errorf("ends %q", ends)
		}
		if got := o.sms.texts(); !slices.Equal(got, []string{"+8613700000000 [Tongbao] A new device signed in"}) || o.inbox(t, wang) != 0 {
			t.Errorf("SMS %q, %d in the inbox", got, o.inbox(t, wang))
		}
	})
}

func TestAttemptsAreRepeatedOnlyWhereThatHelps(t *testing.T) {
	t.Parallel()
	busy := &outbound.Error{Channel: "sms", Code: "http_503", Temporary: true}
	refused := &outbound.Error{Channel: "sms", Code: "invalid_number"}
	for name, tc := range map[string]struct {
		answers []error
		want    string
		tries   int
	}{
		"a busy gateway is asked again": {[]error{busy, busy}, "sms sent", 3},
		"a refusal is final":            {[]error{refused}, "sms failed invalid_number", 1},
		"patience ends":                 {[]error{busy, busy, busy, busy}, "sms failed http_503", 3},
		"an unknown error is final":     {[]error{errors.New("what?")}, "sms failed interrupted", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, dbtest.SQLite(t, domains()...), nil)
			o.sms.answers = tc.answers
			o.send(t, received(li))
			if ends := o.settled(t); !slices.Equal(ends, []string{tc.want}) {
				t.Errorf("ends %q, want %q", ends, tc.want)
			}
			if len(o.sms.tried) != tc.tries || len(slices.Compact(slices.Clone(o.sms.tried))) != 1 {
				t.Errorf("attempts %q: want %d with one id", o.sms.tried, tc.tries)
			}
		})
	}
}

func TestAMailServersRefusalIsKeptAsItsCode(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.book[wang] = notify.Contact{Email: "nobody@example.com"}
		o.send(t, notify.Notice{Customer: wang, Template: "test.sign_in"})
		if ends := o.settled(t); !slices.Equal(ends, []string{"mail failed 550", "sms skipped no_address"}) {
			t.Errorf("ends %q", ends)
		}
		all, err := o.Deliveries(t.Context(), wang, "", 0)
		if err != nil || len(all) != 2 || all[0].Attempts != 1 || all[0].Ended.IsZero() || all[0].Message == "" {
			t.Errorf("log %+v, %v", all, err)
		}
		if others, err := o.Deliveries(t.Context(), li, "", 0); err != nil || len(others) != 0 {
			t.Errorf("another's log %+v, %v", others, err)
		}
	})
}

func TestTheGatewaysReportEndsADelivery(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		o.send(t, received(li))
		o.settled(t)
		key := o.sms.tried[0]
		for _, step := range []struct{ state, code, want string }{
			{outbound.Undelivered, "absent", "sms undelivered absent"},
			{outbound.Delivered, "", "sms delivered"},
			{outbound.Undelivered, "late", "sms delivered"}, // what has arrived stays so
		} {
			if err := o.Report(t.Context(), outbound.Report{ID: key, State: step.state, Code: step.code}); err != nil {
				t.Fatal(err)
			}
			if ends := o.settled(t); !slices.Equal(ends, []string{step.want}) {
				t.Errorf("after %s: %q", step.state, ends)
			}
		}
		if err := o.Report(t.Context(), outbound.Report{ID: "dlvr_nothing", State: outbound.Delivered}); err != nil {
			t.Errorf("a report on nothing: %v", err)
		}
	})
}

func TestAnUndoneActTellsNobody(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		undone := errors.New("undone")
		err := o.db.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(o.Send(t.Context(), tx, []notify.Notice{received(wang)}), undone)
		})
		if !errors.Is(err, undone) || o.inbox(t, wang) != 0 || len(o.settled(t)) != 0 {
			t.Errorf("%v: %d in the inbox", err, o.inbox(t, wang))
		}
	})
}

func TestAnErasedCustomerIsToldNothing(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		err := o.db.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(o.Send(t.Context(), tx, []notify.Notice{received(li)}), o.vault.Destroy(t.Context(), tx, string(li)))
		})
		if err != nil {
			t.Fatal(err)
		}
		if ends := o.settled(t); !slices.Equal(ends, []string{"sms skipped erased"}) {
			t.Errorf("ends %q", ends)
		}
	})
}

func TestADemoKeepsCopiesAndOthersDoNot(t *testing.T) {
	t.Parallel()
	each(t, func(p *notify.Parts) { p.Demo, p.Mailer, p.SMS = true, nil, nil }, func(t *testing.T, o *office) {
		code := notify.Code{To: "+8613900000000", Template: "test.code", Code: "246810", Expires: time.Now().Add(time.Minute)}
		if err := o.sendCode(t, code); err != nil {
			t.Fatal(err)
		}
		o.send(t, received(li))
		o.settled(t)
		for _, to := range []string{"13900000000", "+8613900000000"} {
			copies, err := o.Copies(t.Context(), to, 10)
			if err != nil || len(copies) != 1 || copies[0].Code != "246810" || !strings.Contains(copies[0].Text, "246810") || copies[0].Channel != notify.SMS {
				t.Errorf("%s: %+v, %v", to, copies, err)
			}
		}
		if all, err := o.Copies(t.Context(), "", 10); err != nil || len(all) != 2 {
			t.Errorf("%+v, %v", all, err)
		}
	})
	each(t, nil, func(t *testing.T, o *office) {
		o.send(t, received(li))
		o.settled(t)
		if _, err := o.Copies(t.Context(), "", 10); !errors.Is(err, notify.ErrNotDemo) {
			t.Errorf("copies of a real bank: %v", err)
		}
		err := o.db.Read(t.Context(), func(tx *db.Tx) error {
			n, err := db.One(t.Context(), tx, db.Value[int64], `SELECT count(id) FROM notify_outbox_demo`)
			if n != 0 {
				t.Errorf("%d copies were kept", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestABankWithoutAWaySaysSo(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t, domains()...), func(p *notify.Parts) { p.SMS = nil })
	err := o.sendCode(t, notify.Code{To: "+8613900000000", Template: "test.code", Code: "1", Expires: time.Now().Add(time.Minute)})
	if !errors.Is(err, notify.ErrNoChannel) {
		t.Errorf("a code by SMS: %v", err)
	}
	o.send(t, received(li)) // the inbox is enough
	if n := o.inbox(t, li); n != 1 || len(o.settled(t)) != 0 {
		t.Errorf("%d in the inbox, %q", n, o.settled(t))
	}
}

func TestNothingLeavesWhileADemoYearIsLived(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t, domains()...), func(p *notify.Parts) { p.InboxOnly = true })
	o.send(t, received(wang))
	if n := o.inbox(t, wang); n != 1 || len(o.settled(t)) != 0 {
		t.Errorf("%d in the inbox, %q", n, o.settled(t))
	}
}

func TestOnlyWholeTemplatesAreRegistered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t, domains()...), nil)
	for name, tmpl := range map[string]notify.Template{
		"a name that is taken":   templates()[0],
		"no channel":             {Name: "test.x", Category: notify.CategoryService},
		"no such category":       {Name: "test.x", Category: "gossip", Channels: notify.Channels()},
		"texts that are missing": {Name: "test.x", Category: notify.CategoryService, Channels: notify.Channels()},
	} {
		if err := o.Register(tmpl); !errors.Is(err, notify.ErrTemplate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := o.db.Write(t.Context(), func(tx *db.Tx) error {
		return o.Send(t.Context(), tx, []notify.Notice{{Customer: wang, Template: "test.x"}})
	})
	if !errors.Is(err, notify.ErrTemplate) || fault.KindOf(err) != fault.Internal {
		t.Errorf("sending an unknown template: %v", err)
	}
}

func choose(t *testing.T, o *office, customer id.Customer, changes ...notify.Preference) {
	t.Helper()
	if err := o.SetPreferences(t.Context(), person(customer), changes); err != nil {
		t.Fatal(err)
	}
}

func (o *office) inbox(t *testing.T, customer id.Customer) int {
	t.Helper()
	page, err := o.List(t.Context(), notify.Query{Customer: customer})
	if err != nil {
		t.Fatal(err)
	}
	return len(page)
}
