package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/app/backup"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/s3"
	"github.com/tongbao/tongbao/internal/records/audit"
)

// Refusals to copy or to put back, each with what to do.
var (
	errBackupPostgres = errors.New("this bank is on PostgreSQL, which is copied with its own tools: docs/runbooks/backup-postgres.md")
	errBackupInside   = errors.New("the place for backups lies in the bank's own folder and would be lost with it: name another disk or machine")
	errNotEmpty       = errors.New("restore only fills an empty folder, and there is something in it: move it away first")
	errOtherSchema    = errors.New("the backup is of a newer release: restore it with that one")
)

// BackupPlan says where backups go and how long they stay.
type BackupPlan struct {
	To    string        // folder, or s3://BUCKET/FOLDER?endpoint=https://HOST:PORT&region=REGION
	Store StoreKey      // of the bucket
	Every time.Duration // again and again; zero means once
	Keep  backup.Keep
}

// StoreKey opens the bucket that keeps backups. It stands beside the address and not in it, for addresses are logged.
type StoreKey struct {
	Key    string        `name:"store-key" help:"Access key of the bucket." placeholder:"KEY"`
	Secret crypto.Secret `name:"store-secret" help:"Secret of that key; best as TONGBAO_STORE_SECRET." placeholder:"SECRET"`
}

// cleanEvery is how often old backups are looked for when one follows the other.
const cleanEvery = time.Hour

// Backup copies a bank while it is served. Done hears of every copy, and of every failure when there is a next time; it
// returns when one copy is made, or, with Every, when ctx ends.
func Backup(ctx context.Context, c Config, p BackupPlan, done func(backup.Made, error)) error {
	if err := c.findKeys(); err != nil {
		return err
	}
	if !strings.HasPrefix(c.Database, "sqlite:") {
		return errBackupPostgres
	}
	place, err := openPlace(ctx, p.To, p.Store, c)
	if err != nil {
		return err
	}
	opened, err := openForReading(ctx, c)
	if err != nil {
		return err
	}
	defer opened.close()
	var cleaned time.Time
	for {
		began := clock.System().Now()
		made, err := backup.Write(ctx, opened.db, opened.ring, place, backup.Options{Program: Version, Facts: opened.facts})
		if err == nil && began.Sub(cleaned) >= cleanEvery {
			_, err = backup.Prune(ctx, place, opened.ring, p.Keep, began)
			cleaned = began
		}
		if p.Every == 0 {
			if err == nil {
				done(made, nil)
			}
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		done(made, err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(p.Every - clock.System().Now().Sub(began)):
		}
	}
}

// openPlace opens where backups are kept: a bucket, or a folder outside of the bank's own.
func openPlace(ctx context.Context, to string, key StoreKey, c Config) (backup.Place, error) {
	if isBucket(to) {
		bucket, err := s3.Parse(to)
		if err != nil {
			return nil, err
		}
		return backup.OpenBucket(ctx, bucket, s3.Credentials{Key: key.Key, Secret: key.Secret})
	}
	for _, own := range []string{c.Data, c.Keys} {
		inside, err := within(to, own)
		if err != nil {
			return nil, err
		}
		if inside {
			return nil, errBackupInside
		}
	}
	return backup.OpenFolder(to)
}

// isBucket says that backups are in an object store and not in a folder.
func isBucket(place string) bool { return strings.HasPrefix(place, "s3:") }

// facts are what a backup says of itself.
func (r records) facts(ctx context.Context, tx *db.Tx, m *backup.Manifest) error {
	today, err := r.days.Current(ctx, tx)
	if err != nil {
		return err
	}
	m.BusinessDate = today.String()
	m.Audit.Leaves, m.Audit.Checkpoint, err = r.audit.Latest(ctx, tx)
	return err
}

// Restoring says which backup is put back.
type Restoring struct {
	From  string    // as BackupPlan.To
	Store StoreKey  // of the bucket
	At    time.Time // the newest that was made not after it; zero means the newest of all
}

// Restored is a bank that was put back, and what its books say.
type Restored struct {
	Backup   backup.Manifest `json:"backup"`
	Verified Verified        `json:"verified"`
	Lost     int64           `json:"lostRecords"` // audit records that a checkpoint outside knows and the backup does not
}

// Holds says that the books hold. That the audit log ends before a checkpoint kept outside is what restoring does, and is
// told by Lost.
func (r Restored) Holds() bool {
	b := r.Verified.Audit.Breach
	return r.Verified.Books.Breach == nil && (b == nil || b.Kind == audit.RolledBack)
}

// String is the report for a person.
func (r Restored) String() string {
	var b strings.Builder
	m := r.Backup
	fmt.Fprintf(&b, "backup %s of %s: %d bytes in %d parts, business date %s, audit log of %d records, made by release %s\n",
		m.Name, m.MadeAt.Format(time.RFC3339), m.Bytes, len(m.Parts), m.BusinessDate, m.Audit.Leaves, m.Program)
	b.WriteString(r.Verified.String())
	if r.Lost > 0 {
		fmt.Fprintf(&b, "\nLOST: the checkpoint outside knows %d audit records more than this backup. What they record, payments that "+
			"were acknowledged among it, is not in this bank: see docs/runbooks/restore.md before it is served", r.Lost)
	}
	return b.String()
}

// Restore puts a backup into an empty data folder and verifies the books.
func Restore(ctx context.Context, c Config, r Restoring) (Restored, error) {
	if err := c.findKeys(); err != nil {
		return Restored{}, err
	}
	path, isFile := strings.CutPrefix(c.Database, "sqlite:")
	if !isFile {
		return Restored{}, errBackupPostgres
	}
	ring, err := crypto.OpenRing(c.Keys)
	if err != nil {
		return Restored{}, noRing(c.Keys, err)
	}
	if !isBucket(r.From) && !exists(r.From) {
		return Restored{}, fmt.Errorf("%s: %w", r.From, fs.ErrNotExist)
	}
	place, err := openPlace(ctx, r.From, r.Store, c)
	if err != nil {
		return Restored{}, err
	}
	m, err := backup.Find(ctx, place, ring, r.At)
	if err != nil {
		return Restored{}, err
	}
	if err := readable(m); err != nil {
		return Restored{}, err
	}
	for _, folder := range []string{c.Data, filepath.Dir(path)} {
		if err := emptyFolder(folder); err != nil {
			return Restored{}, err
		}
	}
	if err := backup.Extract(ctx, place, ring, m, path); err != nil {
		return Restored{}, err
	}
	done := Restored{Backup: m}
	if done.Verified, err = Verify(ctx, c, Range{Full: true}); err != nil {
		return done, err
	}
	done.Lost = max(0, done.Verified.Audit.Outside-m.Audit.Leaves)
	return done, nil
}

// readable refuses a backup whose tables this program does not know.
func readable(m backup.Manifest) error {
	ours := make(map[string]string)
	for _, domain := range Migrations() {
		files, err := fs.Glob(domain.Files, "migrations/*.sql")
		if err != nil || len(files) == 0 {
			return fmt.Errorf("read migrations of %s: %w", domain.Domain, err)
		}
		ours[domain.Domain] = strings.TrimSuffix(filepath.Base(files[len(files)-1]), ".sql")
	}
	for domain, version := range m.Schema {
		if ours[domain] < version {
			return fmt.Errorf("%w (tables %s of %s)", errOtherSchema, version, domain)
		}
	}
	return nil
}

// emptyFolder makes a folder, or refuses one with something in it.
func emptyFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	inside, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("look into the data folder: %w", err)
	}
	if len(inside) > 0 {
		return fmt.Errorf("%s: %w", path, errNotEmpty)
	}
	return nil
}
