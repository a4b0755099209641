package backup

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// before names backups that were made so long ago, oldest first.
func before(ages ...time.Duration) []string {
	var names []string
	for _, age := range ages {
		names = append(names, nameOf(now.Add(-age)))
	}
	return names
}

func TestOldBackupsAreThinnedOut(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tc := range map[string]struct {
		keep       Keep
		made, gone []string
	}{
		"of the last hour all stay":           {Keep{Days: 30}, before(59*time.Minute, 30*time.Minute, time.Minute), nil},
		"of an hour of yesterday one stays":   {Keep{Days: 30}, before(20*time.Hour+40*time.Minute, 20*time.Hour+20*time.Minute), before(20*time.Hour + 40*time.Minute)},
		"of a day of last week one stays":     {Keep{Days: 30}, before(7*day+3*time.Hour, 7*day+2*time.Hour, 7*day+time.Hour), before(7*day+3*time.Hour, 7*day+2*time.Hour)},
		"what is too old goes":                {Keep{Days: 30}, before(31*day, 29*day), before(31 * day)},
		"but the newest stay, however old":    {Keep{Least: 2, Days: 30}, before(60*day, 50*day, 40*day), before(60 * day)},
		"with no days kept the hours do stay": {Keep{}, before(3*day, 2*time.Hour), before(3 * day)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if gone := tc.keep.stale(tc.made, now); len(gone) != len(tc.gone) || len(gone) > 0 && gone[0] != tc.gone[0] {
				t.Errorf("%v goes, want %v", gone, tc.gone)
			}
		})
	}
}

func small(t *testing.T) (*db.DB, *clock.Fake, *crypto.Ring, *Folder) {
	t.Helper()
	watch := clock.NewFake(now)
	d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), db.Options{Relaxed: true, Clock: watch})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	ring, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	place, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return d, watch, ring, place
}

func plain() Options {
	return Options{Facts: func(context.Context, *db.Tx, *Manifest) error { return nil }}
}

func TestPartsThatNoBackupNeedsAreRemovedAndOthersStay(t *testing.T) {
	t.Parallel()
	d, watch, ring, place := small(t)
	ctx := t.Context()
	for _, stray := range []string{"parts/ab/abandoned", "parts/ab/123" + unfinished} {
		if err := place.Put(ctx, stray, []byte("of a copy that broke off")); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if _, err := Write(ctx, d, ring, place, plain()); err != nil {
			t.Fatal(err)
		}
		watch.Advance(10 * 24 * time.Hour)
		if err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO db_migration (domain, version, checksum, applied_at) VALUES ('test', $1, '', 0)`, nameOf(watch.Now()))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := Prune(ctx, place, ring, Keep{Least: 1, Days: 15}, watch.Now())
	if err != nil || len(gone) != 2 {
		t.Fatalf("%v went, %v", gone, err)
	}
	left, err := parts(ctx, place)
	if err != nil || len(left) != 1 {
		t.Errorf("%d parts are left of one small backup, %v", len(left), err)
	}
	m, err := Find(ctx, place, ring, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Extract(ctx, place, ring, m, filepath.Join(t.TempDir(), "bank.db")); err != nil {
		t.Error(err)
	}
}

// thief is a place from which parts vanish while a backup is made.
type thief struct{ *Folder }

func (p thief) Put(ctx context.Context, name string, content []byte) error {
	if filepath.Dir(name) == "backups" {
		all, err := p.List(ctx, partDir)
		if err != nil {
			return err
		}
		for _, part := range all {
			if err := p.Remove(ctx, part); err != nil {
				return err
			}
		}
	}
	return p.Folder.Put(ctx, name, content)
}

func TestABackupWhosePartsVanishedIsNone(t *testing.T) {
	t.Parallel()
	d, _, ring, place := small(t)
	if _, err := Write(t.Context(), d, ring, thief{place}, plain()); !errors.Is(err, ErrVanished) {
		t.Errorf("answered %v", err)
	}
	if names, err := List(t.Context(), place); err != nil || len(names) != 0 {
		t.Errorf("%v stands there, %v", names, err)
	}
}

// deaf is a place that breaks before the manifest arrives.
type deaf struct{ *Folder }

func (p deaf) Put(ctx context.Context, name string, content []byte) error {
	if filepath.Dir(name) == "backups" {
		return errors.New("the wire is cut")
	}
	return p.Folder.Put(ctx, name, content)
}

func TestACopyThatBrokeOffIsNoBackup(t *testing.T) {
	t.Parallel()
	d, _, ring, place := small(t)
	if _, err := Write(t.Context(), d, ring, deaf{place}, plain()); err == nil {
		t.Error("it was told to be made")
	}
	if _, err := Find(t.Context(), place, ring, time.Time{}); !errors.Is(err, ErrNone) {
		t.Errorf("answered %v", err)
	}
}
