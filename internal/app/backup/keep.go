package backup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// Keep says which old backups stay. Every one of the last hour stays, one of each hour of the last two days, and one of
// each day of the last Days days; and the newest Least of all in any case.
type Keep struct {
	Least int
	Days  int
}

const (
	everyFor  = time.Hour
	hourlyFor = 48 * time.Hour
)

// stale picks from backups, oldest first, those that may go.
func (k Keep) stale(names []string, now time.Time) []string {
	var gone []string
	kept := make(map[string]bool) // hours and days that have one
	for i, name := range slices.Backward(names) {
		made, err := timeOf(name)
		if err != nil {
			continue
		}
		age := now.Sub(made)
		slot := made.Format("2006-01-02")
		limit := time.Duration(k.Days) * 24 * time.Hour
		switch {
		case age <= everyFor:
			slot, limit = name, everyFor
		case age <= hourlyFor:
			slot, limit = made.Format("2006-01-02T15"), hourlyFor
		}
		newest := len(names)-i <= k.Least
		if !newest && (kept[slot] || age > limit) {
			gone = append(gone, name)
		}
		kept[slot] = true
	}
	slices.Reverse(gone)
	return gone
}

// Prune removes old backups, and the parts that no backup needs any more. It returns the names of those that went.
func Prune(ctx context.Context, place Place, ring *crypto.Ring, k Keep, now time.Time) ([]string, error) {
	names, err := List(ctx, place)
	if err != nil {
		return nil, err
	}
	gone := k.stale(names, now)
	for _, name := range gone {
		if err := place.Remove(ctx, manifestDir+name+".json"); err != nil {
			return nil, fmt.Errorf("remove backup %s: %w", name, err)
		}
	}
	needed := make(map[string]bool)
	for _, name := range names {
		if slices.Contains(gone, name) {
			continue
		}
		// One that cannot be read must stop the cleaning: its parts may be all that is left of a bank.
		m, err := read(ctx, place, ring, name)
		if err != nil {
			return gone, fmt.Errorf("clean up: %w", err)
		}
		for _, p := range m.Parts {
			needed[p.file()] = true
		}
	}
	present, err := parts(ctx, place)
	if err != nil {
		return gone, err
	}
	for file := range present {
		if needed[file] && !isUnfinished(file) {
			continue
		}
		if err := place.Remove(ctx, file); err != nil {
			return gone, fmt.Errorf("remove part: %w", err)
		}
	}
	return gone, nil
}
