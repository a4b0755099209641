package notify_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestTheInboxPagesAndCounts(t *testing.T) {
	t.Parallel()
	each(t, func(p *notify.Parts) { p.InboxOnly = true }, func(t *testing.T, o *office) {
		for range 5 {
			o.send(t, received(wang))
		}
		o.send(t, received(li))
		var seen []id.Message
		for before := id.Message(""); ; {
			page, err := o.List(t.Context(), notify.Query{Customer: wang, Before: before, Limit: 2})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				seen, before = append(seen, m.ID), m.ID
			}
		}
		if len(seen) != 5 || !slices.IsSortedFunc(seen, func(a, b id.Message) int { return -cmpText(a, b) }) {
			t.Errorf("seen %q", seen)
		}
		unread := func(want int64) {
			t.Helper()
			if n, err := o.Unread(t.Context(), wang); err != nil || n != want {
				t.Errorf("%d unread, %v; want %d", n, err, want)
			}
		}
		unread(5)
		for range 2 { // twice is once
			if err := o.Read(t.Context(), wang, seen[0]); err != nil {
				t.Fatal(err)
			}
		}
		unread(4)
		if err := o.Read(t.Context(), li, seen[1]); !errors.Is(err, notify.ErrUnknown) {
			t.Errorf("another's message: %v", err)
		}
		unread(4)
		if err := o.ReadAll(t.Context(), wang); err != nil {
			t.Fatal(err)
		}
		unread(0)
		if n, err := o.Unread(t.Context(), li); err != nil || n != 1 {
			t.Errorf("another's messages were read: %d, %v", n, err)
		}
	})
}

func cmpText(a, b id.Message) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestPreferencesAreCompleteAndKept(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, o *office) {
		before, err := o.Preferences(t.Context(), wang)
		if err != nil || len(before) != len(notify.Categories())*len(notify.Channels()) {
			t.Fatalf("%d choices, %v", len(before), err)
		}
		choose(t, o, wang, notify.Preference{Category: notify.CategoryService, Channel: notify.Mail, On: false})
		choose(t, o, wang, notify.Preference{Category: notify.CategoryService, Channel: notify.SMS, On: true},
			notify.Preference{Category: notify.CategorySecurity, Channel: notify.SMS, On: true}) // what is fixed may be sent back as it is
		after, err := o.Preferences(t.Context(), wang)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range after {
			want := before[i]
			switch {
			case p.Category == notify.CategoryService && p.Channel == notify.Mail:
				want.On = false
			case p.Category == notify.CategoryService && p.Channel == notify.SMS:
				want.On = true
			}
			if p != want {
				t.Errorf("%+v, want %+v", p, want)
			}
		}
		if others, err := o.Preferences(t.Context(), li); err != nil || !slices.Equal(others, before) {
			t.Errorf("another's choices changed: %v", err)
		}
		last := o.audit.records[len(o.audit.records)-1]
		if last.Act != "notify.choose" || last.Outcome != audit.Done || last.Detail["service.sms"] != "true" {
			t.Errorf("audit %+v", last)
		}
		for _, p := range []notify.Preference{{Category: "gossip", Channel: notify.SMS}, {Category: notify.CategoryService, Channel: "pigeon"}} {
			if err := o.SetPreferences(t.Context(), person(wang), []notify.Preference{p}); !errors.Is(err, notify.ErrChoice) {
				t.Errorf("%+v: %v", p, err)
			}
		}
	})
}

func TestADateIsWrittenInEachLanguage(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t, domains()...), func(p *notify.Parts) { p.InboxOnly = true })
	day, _ := clock.ParseDate("2026-11-22")
	o.send(t, notify.Notice{Customer: wang, Template: "test.received", Params: map[string]string{"amount": notify.Day(day), "payer": "x\x1f", "at": "\x1fother"}})
	page, err := o.List(t.Context(), notify.Query{Customer: wang, Locale: i18n.En})
	if err != nil || page[0].Title != "You received 22 Nov 2026" || page[0].Body != "x\x1f sent you 22 Nov 2026 on other." {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestWhatIsOldIsPurged(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, db.Options{Clock: now}, domains(), func(t *testing.T, d *db.DB) {
		counted := func() [3]int64 {
			t.Helper()
			var n [3]int64
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				for i, q := range []string{`SELECT count(id) FROM notify_message`, `SELECT count(id) FROM notify_delivery`, `SELECT count(id) FROM notify_outbox_demo`} {
					var err error
					if n[i], err = db.One(t.Context(), tx, db.Value[int64], q); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		jobs := &caught{}
		o := newOffice(t, d, func(p *notify.Parts) { p.Demo = true; jobs.Jobs = p.Jobs; p.Jobs = jobs })
		o.clock.Set(now.Now())
		o.send(t, received(li))
		o.settled(t)
		for _, step := range []struct {
			days int
			want [3]int64
		}{{7, [3]int64{1, 1, 1}}, {1, [3]int64{1, 1, 0}}, {178, [3]int64{1, 0, 0}}, {545, [3]int64{0, 0, 0}}} {
			o.clock.Advance(time.Duration(step.days) * 24 * time.Hour)
			if err := jobs.handlers["notify.purge"](t.Context(), job.Job{}); err != nil {
				t.Fatal(err)
			}
			if got := counted(); got != step.want {
				t.Errorf("%d days later: %v, want %v", step.days, got, step.want)
			}
		}
	})
}

// caught keeps the handlers that the room registers, so that a test can run one.
type caught struct {
	notify.Jobs
	handlers map[string]job.Handler
}

func (c *caught) Register(kind string, o job.Options, h job.Handler) error {
	if c.handlers == nil {
		c.handlers = make(map[string]job.Handler)
	}
	c.handlers[kind] = h
	return c.Jobs.Register(kind, o, h)
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	if problems := i18n.NewCatalog(notify.Texts()).Missing(); len(problems) > 0 {
		t.Error(problems)
	}
}
