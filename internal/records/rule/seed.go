package rule

import (
	"bytes"
	"context"
	_ "embed" // figures.json
	"encoding/json"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

//go:embed figures.json
var figures []byte

// Figures are the rows that come with the program, checked.
func Figures() ([]Row, error) {
	var rows []Row
	decoder := json.NewDecoder(bytes.NewReader(figures))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&rows); err != nil {
		return nil, fmt.Errorf("read figures.json: %w", err)
	}
	for _, row := range rows {
		if err := row.check(); err != nil {
			return nil, fmt.Errorf("read figures.json: %w", err)
		}
	}
	if err := newTable(rows, time.Time{}).overlaps(); err != nil {
		return nil, fmt.Errorf("read figures.json: %w", err)
	}
	return rows, nil
}

// Seed adds the program's rows that the database lacks and changes none: what stands for a key and a first day
// stays, also when a later program would say otherwise. Run it at every start, after the migrations.
func (r *Rules) Seed(ctx context.Context) error {
	rows, err := Figures()
	if err != nil {
		return err
	}
	if err := r.db.Write(ctx, func(tx *db.Tx) error { return r.Add(ctx, tx, rows) }); err != nil {
		return fmt.Errorf("seed figures: %w", err)
	}
	return nil
}

// Add keeps further rows; what has begun keeps its figure. A row whose key and first day exist is passed over.
// This node reads the rows after the commit, other nodes within seconds: let them begin on a later day.
// It refuses rows that are not whole (ErrBadRow), and rows that leave two figures for one day.
func (r *Rules) Add(ctx context.Context, tx *db.Tx, rows []Row) error {
	all := make([]Versioned, len(rows))
	for i, row := range rows {
		all[i].Row = row
	}
	return r.add(ctx, tx, all)
}

func (r *Rules) add(ctx context.Context, tx *db.Tx, rows []Versioned) error {
	for _, row := range rows {
		if err := row.check(); err != nil {
			return err
		}
	}
	if err := insert(ctx, tx, rows); err != nil {
		return fmt.Errorf("add figures: %w", err)
	}
	kept, err := list(ctx, tx)
	if err != nil {
		return fmt.Errorf("add figures: %w", err)
	}
	if err := newTable(kept, time.Time{}).overlaps(); err != nil {
		return err
	}
	tx.AfterCommit(func() { r.cache.Store(newTable(kept, r.machine.Now())) }) // not emptied: see rows
	return nil
}

// rows is the cached table. When it is old, one caller reads it again while the others go on with the old one. It is never
// emptied: callers hold connections, and if all of them waited for one more, none would come free.
func (r *Rules) rows(ctx context.Context) (*table, error) {
	t := r.cache.Load()
	if t != nil && (r.machine.Now().Sub(t.read) < cacheLife || !r.loading.TryLock()) {
		return t, nil
	}
	if t == nil {
		r.loading.Lock()
	}
	defer r.loading.Unlock()
	if current := r.cache.Load(); current != nil && current != t {
		return current, nil
	}
	return r.reload(ctx)
}

// reload reads the table again. The caller holds loading.
func (r *Rules) reload(ctx context.Context) (*table, error) {
	var rows []Row
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		rows, err = list(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	fresh := newTable(rows, r.machine.Now())
	r.cache.Store(fresh)
	return fresh, nil
}

// Follow keeps this node's figures fresh until the function that it returns is called: what another node has added is
// read within followEvery, also when nobody asks. A failed reading is tried again at the next turn.
func (r *Rules) Follow(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		turn := time.NewTicker(followEvery)
		defer turn.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-turn.C:
				r.Refresh(ctx)
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// Refresh reads the figures now, unless somebody is reading them already. When the database does not answer, the old ones stay.
func (r *Rules) Refresh(ctx context.Context) {
	if !r.loading.TryLock() {
		return
	}
	defer r.loading.Unlock()
	_, _ = r.reload(ctx) // the next turn, or whoever asks, tries again
}
