package rule_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/money"
)

var update = flag.Bool("update", false, "write docs/rules.md again")

const page = "../../../docs/rules.md"

func TestEveryFigureSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	rows, err := rule.Figures()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 90 {
		t.Fatalf("%d rows: figures are missing", len(rows))
	}
	for _, row := range rows {
		if row.Source == "" || !strings.Contains("ABCKU", string(row.Grade)) || row.Grade == "" {
			t.Errorf("%s: source %q grade %q", row.Key, row.Source, row.Grade)
		}
		if row.Source == "Tongbao's default" && row.Grade != rule.GradeU {
			t.Errorf("%s: our own default has grade %s", row.Key, row.Grade)
		}
	}
}

func TestTheListForPeopleIsFresh(t *testing.T) {
	t.Parallel()
	rows, err := rule.Figures()
	if err != nil {
		t.Fatal(err)
	}
	want := rule.Document(rows)
	if *update {
		if err := os.MkdirAll(filepath.Dir(page), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: make generate", page)
	}
}

func TestTheDatePicksTheRow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{rule.Migrations()}, func(t *testing.T, d *db.DB) {
		rules := seeded(t, d)
		const key = "deposit.class_3.out_daily_minor"
		for on, want := range map[string]int64{"2016-12-01": 500_000, "2018-01-09": 500_000, "2018-01-10": 200_000, "2026-11-22": 200_000} {
			if got, err := rules.Int(t.Context(), key, day(t, on)); err != nil || got != want {
				t.Errorf("on %s: %d, %v; want %d", on, got, err, want)
			}
		}
		_, err := rules.Int(t.Context(), key, day(t, "2016-11-30"))
		if !errors.Is(err, rule.ErrNotInForce) || !strings.Contains(err.Error(), "begins on 2016-12-01") {
			t.Errorf("before the first row: %v", err)
		}
	})
}

func TestARowEndsOnItsLastDay(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, rule.Migrations())
	rules := seeded(t, d)
	add(t, d, rules, row("test.offer.fee_minor", "100", "CNY", "2026-01-01", "2026-01-31"))
	if got, err := rules.Amount(t.Context(), "test.offer.fee_minor", day(t, "2026-01-31")); err != nil || got != money.New(100, money.CNY) {
		t.Errorf("on its last day: %s, %v", got, err)
	}
	_, err := rules.Amount(t.Context(), "test.offer.fee_minor", day(t, "2026-02-01"))
	if !errors.Is(err, rule.ErrNotInForce) {
		t.Errorf("after its last day: %v", err)
	}
}

func TestAnUnknownKeyIsOurMistakeAndSaysSo(t *testing.T) {
	t.Parallel()
	rules := seeded(t, dbtest.SQLite(t, rule.Migrations()))
	_, err := rules.Int(t.Context(), "deposit.class_9.out_daily_minor", day(t, "2026-11-22"))
	if !errors.Is(err, rule.ErrUnknown) || fault.KindOf(err) != fault.Internal || !strings.Contains(err.Error(), "deposit.class_9.out_daily_minor") {
		t.Errorf("got %v", err)
	}
}

func TestFiguresComeInTheirUnit(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, rule.Migrations())
	rules := seeded(t, d)
	add(t, d, rules, row("test.gate.open", "yes", "flag", "2026-01-01", ""), row("test.gate.name", "east", "word", "2026-01-01", ""))
	ctx, on := t.Context(), day(t, "2026-11-22")

	if got, err := rules.Duration(ctx, "auth.code.resend_seconds", on); err != nil || got != time.Minute {
		t.Errorf("resend after %v, %v", got, err)
	}
	if got, err := rules.Minutes(ctx, "auth.code.life_minutes", on); err != nil || got != 5*time.Minute {
		t.Errorf("life of a code %v, %v", got, err)
	}
	if got, err := rules.Decimal(ctx, "deposit.limit.reduced_ratio", on); err != nil || got.String() != "0.1" {
		t.Errorf("reduced to %v, %v", got, err)
	}
	if got, err := rules.Amount(ctx, "deposit.insurance.cover_minor", on); err != nil || got.String() != "500000.00" {
		t.Errorf("insured %v, %v", got, err)
	}
	if got, err := rules.Bool(ctx, "test.gate.open", on); err != nil || !got {
		t.Errorf("open %v, %v", got, err)
	}
	if got, err := rules.Text(ctx, "test.gate.name", on); err != nil || got != "east" {
		t.Errorf("name %v, %v", got, err)
	}
	for name, ask := range map[string]func() error{
		"an amount as a duration":   func() error { _, err := rules.Duration(ctx, "deposit.insurance.cover_minor", on); return err },
		"hours as minutes":          func() error { _, err := rules.Minutes(ctx, "auth.pin.lock_hours", on); return err },
		"months as a duration":      func() error { _, err := rules.Duration(ctx, "deposit.statement.span_months", on); return err },
		"a count as an amount":      func() error { _, err := rules.Amount(ctx, "auth.pin.tries_count", on); return err },
		"a count as a ratio":        func() error { _, err := rules.Decimal(ctx, "auth.pin.tries_count", on); return err },
		"a count as a flag":         func() error { _, err := rules.Bool(ctx, "auth.pin.tries_count", on); return err },
		"a ratio as a whole number": func() error { _, err := rules.Int(ctx, "deposit.limit.reduced_ratio", on); return err },
	} {
		if err := ask(); !errors.Is(err, rule.ErrUnit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSeedingAddsAndNeverChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{rule.Migrations()}, func(t *testing.T, d *db.DB) {
		rules := rule.New(d)
		add(t, d, rules, row("auth.pin.tries_count", "3", "count", "2020-01-01", "")) // stands before the program seeds
		for range 2 {
			if err := rules.Seed(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := rules.Int(t.Context(), "auth.pin.tries_count", day(t, "2026-11-22")); err != nil || got != 3 {
			t.Errorf("seeding changed a figure: %d, %v", got, err)
		}
		rows, err := rules.List(t.Context())
		figures, _ := rule.Figures()
		if err != nil || len(rows) != len(figures) {
			t.Errorf("%d rows after seeding, %v; want %d", len(rows), err, len(figures))
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE rule_figure SET value = '99'`)
			return err
		})
		if !db.IsAppendOnly(err) {
			t.Errorf("the database let a figure be changed: %v", err)
		}
	})
}

func TestANewRowIsReadAtOnceAndKeepsThePast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{rule.Migrations()}, func(t *testing.T, d *db.DB) {
		rules := seeded(t, d)
		add(t, d, rules, row("auth.pin.tries_count", "4", "count", "2027-01-01", ""))
		for on, want := range map[string]int64{"2026-12-31": 5, "2027-01-01": 4} {
			if got, err := rules.Int(t.Context(), "auth.pin.tries_count", day(t, on)); err != nil || got != want {
				t.Errorf("on %s: %d, %v; want %d", on, got, err, want)
			}
		}
	})
}

func TestNewRowsNeedNoFurtherConnectionOfThoseWhoReadThem(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, rule.Migrations())
	rules := seeded(t, d)
	add(t, d, rules, row("auth.pin.tries_count", "4", "count", "2027-01-01", ""))
	const readers = 4 // all that SQLite has
	var inside, all sync.WaitGroup
	inside.Add(readers)
	for range readers {
		all.Go(func() {
			err := d.Read(t.Context(), func(*db.Tx) error {
				inside.Done()
				inside.Wait()
				_, err := rules.Int(t.Context(), "auth.pin.tries_count", day(t, "2027-01-01"))
				return err
			})
			if err != nil {
				t.Errorf("a reader waits for others that wait for it: %v", err)
			}
		})
	}
	all.Wait()
}

func TestBadRowsAreRefused(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, rule.Migrations())
	rules := seeded(t, d)
	noSource, noGrade := row("test.a.b_count", "1", "count", "2026-01-01", ""), row("test.a.b_count", "1", "count", "2026-01-01", "")
	noSource.Source, noGrade.Grade = "", "Z"
	for name, rows := range map[string][]rule.Row{
		"no source":                   {noSource},
		"no such grade":               {noGrade},
		"no first day":                {{Key: "test.a.b_count", Value: "1", Unit: rule.Count, Source: "x", Grade: "U"}},
		"ends before it begins":       {row("test.a.b_count", "1", "count", "2026-02-01", "2026-01-31")},
		"key without its unit":        {row("test.a.b", "1", "count", "2026-01-01", "")},
		"key with another unit":       {row("test.a.b_hours", "1", "minutes", "2026-01-01", "")},
		"key with capitals":           {row("Test.a.b_count", "1", "count", "2026-01-01", "")},
		"no such unit":                {row("test.a.b_miles", "1", "miles", "2026-01-01", "")},
		"a number with a plus":        {row("test.a.b_count", "+1", "count", "2026-01-01", "")},
		"a number below nothing":      {row("test.a.b_count", "-1", "count", "2026-01-01", "")},
		"a broken amount":             {row("test.a.b_minor", "1.50", "CNY", "2026-01-01", "")},
		"a flag that is maybe":        {row("test.a.b", "maybe", "flag", "2026-01-01", "")},
		"a span into the next row":    {row("test.a.b_count", "1", "count", "2026-01-01", "2026-03-01"), row("test.a.b_count", "2", "count", "2026-02-01", "")},
		"a unit that changes its row": {row("test.a.b_minor", "1", "CNY", "2026-01-01", ""), row("test.a.b_minor", "2", "EUR", "2026-02-01", "")},
	} {
		err := d.Write(t.Context(), func(tx *db.Tx) error { return rules.Add(t.Context(), tx, rows) })
		if !errors.Is(err, rule.ErrBadRow) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := rules.Find(t.Context(), "test.a.b_count", day(t, "2026-11-22")); !errors.Is(err, rule.ErrUnknown) {
		t.Errorf("a refused row was kept: %v", err)
	}
}

func seeded(t *testing.T, d *db.DB) *rule.Rules {
	t.Helper()
	rules := rule.New(d)
	if err := rules.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	return rules
}

func add(t *testing.T, d *db.DB, rules *rule.Rules, rows ...rule.Row) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return rules.Add(t.Context(), tx, rows) }); err != nil {
		t.Fatal(err)
	}
}

func row(key, value, unit, from, to string) rule.Row {
	first, _ := clock.ParseDate(from)
	last, _ := clock.ParseDate(to)
	return rule.Row{Key: key, Value: value, Unit: rule.Unit(unit), From: first, To: last, Source: "a test", Grade: rule.GradeU}
}

func day(t *testing.T, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	if problems := i18n.NewCatalog(rule.Texts()).Missing(); len(problems) > 0 {
		t.Error(problems)
	}
}
