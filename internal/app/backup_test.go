package app_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/app/backup"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

// copyOf makes one backup of a bank.
func copyOf(t *testing.T, c app.Config, to string) backup.Made {
	t.Helper()
	var made backup.Made
	err := app.Backup(t.Context(), c, app.BackupPlan{To: to, Keep: backup.Keep{Least: 3, Days: 30}}, func(m backup.Made, _ error) { made = m })
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// elsewhere are the settings of the same bank on another machine, which has the ring and the checkpoints.
func elsewhere(t *testing.T, c app.Config) app.Config {
	t.Helper()
	c.Data, c.Database, c.Owner = filepath.Join(t.TempDir(), "data"), "", ""
	return c
}

// served is a bank whose backups are made from the settings that it was started with.
func served(t *testing.T) (*apptest.Bank, app.Config) {
	t.Helper()
	b := apptest.Start(t, apptest.Options{})
	return b, b.Config
}

// sealed waits until the audit log has its first checkpoint: a copy made before that has none to name.
func sealed(t *testing.T, b *apptest.Bank) {
	t.Helper()
	for range 500 {
		lag, err := b.Audit.Lag(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if lag.Waiting == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("nothing was sealed")
}

func TestABackupMadeWhilePeoplePayIsABankWhoseBooksHold(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	li, wang := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
	place := t.TempDir()
	sealed(t, b)
	ctx, stop := context.WithCancel(t.Context())
	var paying sync.WaitGroup
	paying.Go(func() {
		for ctx.Err() == nil {
			li.Pay(wang, "0.01")
		}
	})
	for range 3 {
		copyOf(t, c, place)
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	paying.Wait()
	restored, err := app.Restore(t.Context(), elsewhere(t, c), app.Restoring{From: place})
	if err != nil {
		t.Fatal(err)
	}
	if !restored.Holds() || restored.Verified.Books.Journals == 0 || restored.Verified.Audit.Leaves != restored.Backup.Audit.Leaves {
		t.Errorf("restored: %s", restored)
	}
	if !strings.Contains(restored.Backup.Audit.Checkpoint, "tongbao/audit\n") || restored.Backup.BusinessDate != "2025-03-04" {
		t.Errorf("the manifest says %+v", restored.Backup)
	}
}

func TestARestoredBankIsServedWithTheMoneyOfItsMoment(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
	li.Pay(wang, "30.00")
	b.Drain()
	place := t.TempDir()
	first := copyOf(t, c, place)
	li.Pay(wang, "5.00")
	b.Drain()
	copyOf(t, c, place)
	for name, when := range map[string]struct {
		at   time.Time
		want int64
	}{
		"the newest":           {time.Time{}, 65_00},
		"at an earlier moment": {first.MadeAt, 70_00},
	} {
		t.Run(name, func(t *testing.T) {
			there := elsewhere(t, c)
			if _, err := app.Restore(t.Context(), there, app.Restoring{From: place, At: when.at}); err != nil {
				t.Fatal(err)
			}
			again, err := app.New(t.Context(), there, app.Options{Clock: b.Time, Relaxed: true})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			var balances map[string]ledger.Balance
			err = again.DB.Read(t.Context(), func(tx *db.Tx) (err error) {
				balances, err = again.Ledger.Balances(t.Context(), tx, []string{string(li.Account)})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if has := balances[string(li.Account)].Booked.Minor(); has != when.want {
				t.Errorf("there are %d, want %d", has, when.want)
			}
		})
	}
}

func TestARestoreSaysWhatTheCheckpointOutsideKnowsMore(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
	seal := func() {
		if _, err := b.Audit.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := b.Audit.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	seal()
	place := t.TempDir()
	made := copyOf(t, c, place)
	li.Pay(wang, "30.00")
	seal()
	restored, err := app.Restore(t.Context(), elsewhere(t, c), app.Restoring{From: place})
	if err != nil {
		t.Fatal(err)
	}
	if lost := restored.Verified.Audit.Outside - made.Audit.Leaves; restored.Lost != lost || lost < 1 || !restored.Holds() {
		t.Errorf("lost %d, told %d, holds %v", lost, restored.Lost, restored.Holds())
	}
	if !strings.Contains(restored.String(), "LOST") {
		t.Errorf("a person is told\n%s", restored)
	}
}

func TestOnlyWhatChangedIsStoredAgain(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	b.NewPerson(apptest.Has("100.00"))
	place := t.TempDir()
	first, second := copyOf(t, c, place), copyOf(t, c, place)
	if first.New != len(first.Parts) || second.New > first.New/2 {
		t.Errorf("%d new of %d parts, then %d", first.New, len(first.Parts), second.New)
	}
}

func TestABackupHoldsNoKeyAndNothingReadable(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	li := b.NewPerson(apptest.Has("100.00"))
	place := t.TempDir()
	copyOf(t, c, place)
	secrets := [][]byte{[]byte(li.Number), []byte(string(li.Customer)), []byte("SQLite format 3"), []byte("PRIVATE KEY")}
	for _, p := range crypto.Purposes() {
		for _, name := range []string{string(p) + ".json", string(p) + ".pem"} {
			if text, err := os.ReadFile(filepath.Join(c.Keys, name)); err == nil {
				secrets = append(secrets, text[len(text)/3:2*len(text)/3])
			}
		}
	}
	if len(secrets) < len(crypto.Purposes()) {
		t.Fatalf("only %d secrets were found in %s", len(secrets), c.Keys)
	}
	files := 0
	err := filepath.WalkDir(place, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(name)
		for _, secret := range secrets {
			if bytes.Contains(text, secret) {
				t.Errorf("%s holds %.20q", name, secret)
			}
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestARestoreIsRefused(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	b.NewPerson(apptest.Has("100.00"))
	damage := func(change func(text []byte) []byte, pattern string) func(t *testing.T, place string, c *app.Config) {
		return func(t *testing.T, place string, _ *app.Config) {
			t.Helper()
			files, err := filepath.Glob(filepath.Join(place, filepath.FromSlash(pattern)))
			if err != nil || len(files) == 0 {
				t.Fatalf("no files %s: %v", pattern, err)
			}
			text, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(files[0], change(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	flip := func(text []byte) []byte {
		text[len(text)/2] ^= 1
		return text
	}
	another := func(old, replacement string) func([]byte) []byte {
		return func(text []byte) []byte { return bytes.Replace(text, []byte(old), []byte(replacement), 1) }
	}
	for name, tc := range map[string]struct {
		spoil func(t *testing.T, place string, c *app.Config)
		want  error
	}{
		"from a place without backups": {func(_ *testing.T, place string, _ *app.Config) { _ = os.RemoveAll(filepath.Join(place, "backups")) }, backup.ErrNone},
		"with a changed part":          {damage(flip, "parts/*/*"), backup.ErrDamaged},
		"with a part that is cut off":  {damage(func(text []byte) []byte { return text[:len(text)/2] }, "parts/*/*"), backup.ErrDamaged},
		"with a changed manifest":      {damage(another(`"businessDate":"2025`, `"businessDate":"2024`), "backups/*"), backup.ErrDamaged},
		"of another format":            {damage(another(`"format":1`, `"format":2`), "backups/*"), backup.ErrFormat},
		"under the name of another time": {func(t *testing.T, place string, _ *app.Config) {
			t.Helper()
			files, _ := filepath.Glob(filepath.Join(place, "backups", "*"))
			if err := os.Rename(files[0], filepath.Join(place, "backups", "20300101T000000.000000Z.json")); err != nil {
				t.Fatal(err)
			}
		}, backup.ErrDamaged},
		"under another bank's ring": {func(t *testing.T, _ string, c *app.Config) {
			t.Helper()
			c.Keys, c.Checkpoints = filepath.Join(t.TempDir(), "keys"), ""
			if _, err := crypto.CreateRing(c.Keys); err != nil {
				t.Fatal(err)
			}
		}, backup.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place, there := t.TempDir(), elsewhere(t, c)
			copyOf(t, c, place)
			tc.spoil(t, place, &there)
			if _, err := app.Restore(t.Context(), there, app.Restoring{From: place}); !errors.Is(err, tc.want) {
				t.Errorf("answered %v, want %v", err, tc.want)
			}
			if left, err := os.ReadDir(there.Data); err == nil && len(left) > 0 {
				t.Errorf("%s was left behind", left[0].Name())
			}
		})
	}
}

func TestARestoreNeedsAnEmptyFolder(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	b.NewPerson()
	place, there := t.TempDir(), elsewhere(t, c)
	copyOf(t, c, place)
	if err := os.MkdirAll(filepath.Join(there.Data, "events"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Restore(t.Context(), there, app.Restoring{From: place}); err == nil || !strings.Contains(err.Error(), "empty folder") {
		t.Errorf("answered %v", err)
	}
}

func TestABackupIsRefusedInsideTheBanksOwnFolders(t *testing.T) {
	t.Parallel()
	_, c := served(t)
	for _, to := range []string{filepath.Join(c.Data, "backup"), filepath.Join(c.Keys, "backup"), c.Data} {
		if err := app.Backup(t.Context(), c, app.BackupPlan{To: to}, func(backup.Made, error) {}); err == nil || !strings.Contains(err.Error(), "lost with it") {
			t.Errorf("%s: %v", to, err)
		}
	}
}
