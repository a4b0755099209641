// Package rule keeps every figure that a law, a regulator or the bank itself may change: limits, waiting times,
// lives, counts. No other package holds such a figure; it asks for one by key and business date.
//
// Its words:
//
//   - A Row says what a key is worth from one date on, where that comes from, and how sure we are. Rows are only
//     ever added: an old date keeps its old figure, so a past decision can be explained with the figures of its day.
//   - A row holds until the next row of its key begins, or until its own last day.
//   - A Grade says how sure the source is: A primary text read, B official text seen through a mirror, C press or a
//     law firm, K notes or code in public, U unverified. A figure graded U is a default of ours, never called a law.
//
// The unit stands last in the key and again in the row; amounts are in minor units:
//
//	limit, err := rules.Amount(ctx, "deposit.class_2.out_daily_minor", today)
//	wait, err := rules.Duration(ctx, "auth.code.resend_seconds", today)
//
// The rows that come with the program stand in figures.json and, for people, in docs/rules.md. Seed adds those that
// the database lacks. Reading is from memory. People change figures at the Desk: under four eyes, within bounds
// (bounds.json), from a later day on, and with a look at what the change would have done last month. A key that nobody knows is our own mistake and an Internal error.
package rule

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:generate go test -run ^TestTheListForPeopleIsFresh$ . -update

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "rule", Files: files} }

// The ways in which asking for a figure fails. All are ours to mend.
var (
	// ErrUnknown says that no row has the key.
	ErrUnknown = fault.New(fault.Internal, "rule.unknown_key")
	// ErrNotInForce says that the key has rows, and none for the date.
	ErrNotInForce = fault.New(fault.Internal, "rule.not_in_force")
	// ErrUnit says that a figure was asked for as something that it is not: an amount as a duration.
	ErrUnit = fault.New(fault.Internal, "rule.wrong_unit")
)

const (
	// followEvery is how long another node's new rows may stay unseen while Follow runs. New rows begin on a later day, a
	// minute away at least (leadTime), so it never matters.
	followEvery = 10 * time.Second
	// cacheLife is the same where nothing follows: in commands and tests.
	cacheLife = 30 * time.Second
)

// Rules answers what a figure is on a day. It is safe for concurrent use.
type Rules struct {
	db      *db.DB
	machine clock.Clock // the age of the cache is real time, also where the bank's time is simulated
	cache   atomic.Pointer[table]
	loading sync.Mutex
}

// New makes the room; it reads the database when first asked.
func New(d *db.DB) *Rules { return &Rules{db: d, machine: clock.System()} }

// Int is a whole number: a count, or any figure in the unit that its key names.
func (r *Rules) Int(ctx context.Context, key string, on clock.Date) (int64, error) {
	row, err := r.Find(ctx, key, on)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(row.Value, 10, 64)
	if err != nil {
		return 0, wrong(row, "a whole number")
	}
	return n, nil
}

// Amount is a sum of money, in the currency that the row's unit names.
func (r *Rules) Amount(ctx context.Context, key string, on clock.Date) (money.Amount, error) {
	row, err := r.Find(ctx, key, on)
	if err != nil {
		return money.Amount{}, err
	}
	return row.Amount()
}

// Decimal is an exact rate or factor.
func (r *Rules) Decimal(ctx context.Context, key string, on clock.Date) (decimal.Decimal, error) {
	row, err := r.Find(ctx, key, on)
	if err != nil {
		return decimal.Decimal{}, err
	}
	d, err := decimal.Parse(row.Value)
	if err != nil || row.Unit != Ratio {
		return decimal.Decimal{}, wrong(row, "a ratio")
	}
	return d, nil
}

// Text is a word.
func (r *Rules) Text(ctx context.Context, key string, on clock.Date) (string, error) {
	row, err := r.Find(ctx, key, on)
	if err == nil && row.Unit != Word {
		err = wrong(row, "a text")
	}
	return row.Value, err
}

// Bool is yes or no.
func (r *Rules) Bool(ctx context.Context, key string, on clock.Date) (bool, error) {
	row, err := r.Find(ctx, key, on)
	if err == nil && row.Unit != Flag {
		err = wrong(row, "a flag")
	}
	return row.Value == yes, err
}

// Duration is a length of time that a clock can measure: a figure in seconds, minutes, hours or days of 24 hours.
// Figures in calendar days that are added to a date are read with Int; months and years have no fixed length.
func (r *Rules) Duration(ctx context.Context, key string, on clock.Date) (time.Duration, error) {
	row, err := r.Find(ctx, key, on)
	if err != nil {
		return 0, err
	}
	length, ok := row.Unit.length()
	n, err := strconv.ParseInt(row.Value, 10, 64)
	if !ok || err != nil {
		return 0, wrong(row, "a duration")
	}
	return time.Duration(n) * length, nil
}

// Minutes is Duration of a figure in minutes.
func (r *Rules) Minutes(ctx context.Context, key string, on clock.Date) (time.Duration, error) {
	return r.in(ctx, Minutes, key, on)
}

// Hours is Duration of a figure in hours.
func (r *Rules) Hours(ctx context.Context, key string, on clock.Date) (time.Duration, error) {
	return r.in(ctx, Hours, key, on)
}

// Days is Duration of a figure in days of 24 hours.
func (r *Rules) Days(ctx context.Context, key string, on clock.Date) (time.Duration, error) {
	return r.in(ctx, Days, key, on)
}

func (r *Rules) in(ctx context.Context, unit Unit, key string, on clock.Date) (time.Duration, error) {
	row, err := r.Find(ctx, key, on)
	if err == nil && row.Unit != unit {
		err = wrong(row, "in "+string(unit))
	}
	if err != nil {
		return 0, err
	}
	return r.Duration(ctx, key, on)
}

// Find is the row in force on a day, for those who show where a figure comes from.
func (r *Rules) Find(ctx context.Context, key string, on clock.Date) (Row, error) {
	t, err := r.rows(ctx)
	if err != nil {
		return Row{}, fmt.Errorf("read figure %s: %w", key, err)
	}
	return t.find(key, on)
}

// List is every row, past and future ones too, by key and then by date.
func (r *Rules) List(ctx context.Context) ([]Row, error) {
	t, err := r.rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("list figures: %w", err)
	}
	return t.all(), nil
}

func wrong(row Row, wanted string) error {
	return ErrUnit.Because(fmt.Errorf("figure %s is in %s, not %s", row.Key, row.Unit, wanted))
}
