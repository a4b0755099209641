package rule

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/money"
)

// The ways in which a change of a figure is refused, beside ErrBadRow.
var (
	// ErrNoKey says that nothing asks for a figure of this key.
	ErrNoKey = fault.New(fault.NotFound, "rule.no_such_key")
	// ErrTooSoon says that the first day is not late enough for every node to know the figure when the day begins.
	ErrTooSoon = fault.New(fault.Rejected, "rule.begins_too_soon")
	// ErrBounds says that the figure lies outside of what a law, or good sense, allows.
	ErrBounds = fault.New(fault.Rejected, "rule.out_of_bounds")
	// ErrTaken says that another row of the key begins on the same day: rows are never changed.
	ErrTaken = fault.New(fault.Conflict, "rule.day_taken")
	// ErrSame says that the change would change nothing.
	ErrSame = fault.New(fault.Rejected, "rule.same_value")
)

// ActChange is the act of changing a figure: under four eyes, and in the audit log.
const ActChange = "rule.change"

// leadTime is how long before its first day a figure must be there: several times what nodes need to read it.
const leadTime = time.Minute

// Calendar knows the business date; records/day is one.
type Calendar interface {
	Today(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Current(ctx context.Context, tx *db.Tx) (clock.Date, error)
	Date(t time.Time) clock.Date
}

// Auditor keeps what was done; records/audit is one.
type Auditor interface {
	Append(ctx context.Context, tx *db.Tx, records []audit.Record) error
}

// Change asks for a further row of a key. The unit is the key's.
type Change struct {
	Key    string     `json:"key"`
	Value  string     `json:"value"`
	From   clock.Date `json:"from"`
	To     clock.Date `json:"to,omitzero"` // last day; none: until the next row
	Source string     `json:"source"`
	Grade  Grade      `json:"grade"`
	Note   string     `json:"note"`
}

// Comparison is what a change would do to its key.
type Comparison struct {
	Now   Row        // in force on the first day, without the change
	InUse bool       // false: no row is in force on that day
	Row   Row        // that would be added
	Next  clock.Date // first day of the row after it; zero when there is none
	Known int        // rows of the key so far
}

// Simulation says what a change would have done to the bank's transactions in a span of days. The domain that the
// figure rules gives it; package app hands it in.
type Simulation interface {
	Simulate(ctx context.Context, c Comparison, from, to clock.Date) ([]Effect, error)
}

// Effect is one thing that would have been otherwise.
type Effect struct {
	Name   string       // key of the text that says what is counted
	Of     int64        // how many there were in all
	Count  int64        // how many would have been otherwise
	Amount money.Amount // of those; none when they have no amount
}

// Desk is where people look at figures, compare and change them. It is safe for concurrent use once its simulations are
// handed in.
type Desk struct {
	rules *Rules
	days  Calendar
	audit Auditor
	sims  map[string]Simulation // by prefix of the keys
}

// NewDesk makes the desk of the rules.
func NewDesk(rules *Rules, days Calendar, log Auditor) *Desk {
	return &Desk{rules: rules, days: days, audit: log, sims: make(map[string]Simulation)}
}

// Simulate has the changes of keys with a prefix foreseen.
func (d *Desk) Simulate(prefix string, s Simulation) { d.sims[prefix] = s }

// Compare checks a change and shows it beside what stands. Errors: ErrNoKey, ErrTooSoon, ErrBounds, ErrTaken, ErrSame, ErrBadRow.
func (d *Desk) Compare(ctx context.Context, tx *db.Tx, c Change) (Comparison, error) {
	rows, err := ofKey(ctx, tx, c.Key)
	if err != nil {
		return Comparison{}, fmt.Errorf("read figure %s: %w", c.Key, err)
	}
	if len(rows) == 0 {
		return Comparison{}, ErrNoKey.At("/key")
	}
	row := Row{Key: c.Key, Value: c.Value, Unit: rows[0].Unit, From: c.From, To: c.To, Source: c.Source, Grade: c.Grade, Note: c.Note}
	if err := row.check(); err != nil {
		return Comparison{}, err
	}
	soonest, err := d.soonest(ctx, tx)
	if err != nil {
		return Comparison{}, err
	}
	if c.From.Before(soonest) {
		return Comparison{}, ErrTooSoon.At("/from").With("day", soonest.String())
	}
	if err := row.withinBounds(); err != nil {
		return Comparison{}, err
	}
	return compare(rows, row)
}

func compare(rows []Versioned, row Row) (Comparison, error) {
	plain := make([]Row, len(rows), len(rows)+1)
	for i, v := range rows {
		plain[i] = v.Row
	}
	if slices.ContainsFunc(plain, func(r Row) bool { return r.From == row.From }) {
		return Comparison{}, ErrTaken.At("/from")
	}
	out := Comparison{Row: row, Known: len(rows)}
	now, err := newTable(plain, time.Time{}).find(row.Key, row.From)
	if out.InUse = err == nil; out.InUse {
		out.Now = now
	}
	if out.InUse && now.Value == row.Value && row.To.IsZero() && now.To.IsZero() {
		return Comparison{}, ErrSame.At("/value")
	}
	if err := newTable(append(plain, row), time.Time{}).overlaps(); err != nil {
		return Comparison{}, err
	}
	for _, r := range plain {
		if r.From.After(row.From) && (out.Next.IsZero() || r.From.Before(out.Next)) {
			out.Next = r.From
		}
	}
	return out, nil
}

// soonest is the first day on which a figure that is added now can begin.
func (d *Desk) soonest(ctx context.Context, tx *db.Tx) (clock.Date, error) {
	today, err := d.days.Current(ctx, tx)
	if err != nil {
		return clock.Date{}, err
	}
	if soon := d.days.Date(tx.Now().Add(leadTime)); soon.After(today) {
		today = soon
	}
	return today.AddDays(1), nil
}

// Change adds the row that was approved. The business day is held open meanwhile, so that no node enters the figure's
// first day before it is there. Errors: act.ErrNotApproved, and those of Compare.
func (d *Desk) Change(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c Change) error {
	if err := act.Approved(g, ActChange, c); err != nil {
		return err
	}
	if _, err := d.days.Today(ctx, tx); err != nil {
		return err
	}
	compared, err := d.Compare(ctx, tx, c)
	if err != nil {
		return err
	}
	approvers := make([]string, 0, len(g.Approvers()))
	for _, a := range g.Approvers() {
		approvers = append(approvers, string(a))
	}
	v := Versioned{Row: compared.Row, ChangedBy: by.Actor, ApprovedBy: approvers, Request: g.Request()}
	if err := d.rules.add(ctx, tx, []Versioned{v}); err != nil {
		return err
	}
	return d.audit.Append(ctx, tx, []audit.Record{{By: by, Act: ActChange, Subject: c.Key, Outcome: audit.Done, Detail: map[string]string{
		"from": c.From.String(), "value": c.Value, "request": g.Request(),
	}}})
}

// Foresee says what a change would have done to the transactions of the last month: to yesterday, from the same day of
// the month before. Nothing when no domain foresees the key.
func (d *Desk) Foresee(ctx context.Context, c Change) ([]Effect, error) {
	longest, found := "", false
	for prefix := range d.sims {
		if strings.HasPrefix(c.Key, prefix) && (!found || len(prefix) > len(longest)) {
			longest, found = prefix, true
		}
	}
	if !found {
		return nil, nil
	}
	var compared Comparison
	var today clock.Date
	err := d.rules.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		if compared, err = d.Compare(ctx, tx, c); err != nil {
			return err
		}
		today, err = d.days.Current(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	effects, err := d.sims[longest].Simulate(ctx, compared, today.AddMonths(-1), today.AddDays(-1))
	if err != nil {
		return nil, fmt.Errorf("foresee %s: %w", c.Key, err)
	}
	return effects, nil
}

// Versioned is a row with where it came from.
type Versioned struct {
	Row
	AddedAt    time.Time
	ChangedBy  string   // staff; empty for what came with the program
	ApprovedBy []string // staff
	Request    string   // that was approved
}

// Figure is a key as it stands on a day.
type Figure struct {
	Key      string
	Now      Versioned
	InForce  bool
	Next     Versioned // that begins later
	Planned  bool
	Versions int
}

// Figures are all keys as they stand today, those with a prefix.
func (d *Desk) Figures(ctx context.Context, prefix string) ([]Figure, error) {
	var all []Figure
	err := d.rules.db.Read(ctx, func(tx *db.Tx) error {
		today, err := d.days.Current(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := listVersioned(ctx, tx)
		if err != nil {
			return err
		}
		all = figuresOn(rows, prefix, today)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list figures: %w", err)
	}
	return all, nil
}

// figuresOn gathers rows, which come by key and day.
func figuresOn(rows []Versioned, prefix string, today clock.Date) []Figure {
	var all []Figure
	for _, v := range rows {
		if !strings.HasPrefix(v.Key, prefix) {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Key != v.Key {
			all = append(all, Figure{Key: v.Key})
		}
		f := &all[len(all)-1]
		f.Versions++
		switch {
		case !v.From.After(today):
			f.Now, f.InForce = v, v.To.IsZero() || !today.After(v.To)
		case !f.Planned:
			f.Next, f.Planned = v, true
		}
	}
	return all
}

// History is every row of a key, the first first. Error: ErrNoKey.
func (d *Desk) History(ctx context.Context, key string) ([]Versioned, error) {
	var all []Versioned
	err := d.rules.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = ofKey(ctx, tx, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", key, err)
	}
	if len(all) == 0 {
		return nil, ErrNoKey
	}
	return all, nil
}
