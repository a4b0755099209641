// Package backup copies a bank on SQLite to another place while it is served, and puts it back.
//
// A *backup* is the whole database as one transaction saw it: pages are read inside a read transaction, so that it is
// consistent, and writers neither wait for it nor appear in it halfway. The copy is cut into *parts* of 256 KiB. Each is
// compressed, sealed under the ring's backup key and kept under the SHA-256 of what is kept; a part that the last backup
// holds already is not stored again, so the next one costs what has changed. The *manifest* lists the parts and says what
// the backup holds: format, schema, business date, the audit log's size with its signed checkpoint. It is written last:
// without it there is no backup, and a copy that broke off leaves only parts that the next Prune removes.
//
//	place, err := backup.OpenFolder("/mnt/backup/bank")
//	made, err := backup.Write(ctx, d, ring, place, backup.Options{…})
//	manifest, err := backup.Find(ctx, place, ring, time.Time{})       // the newest
//	err = backup.Extract(ctx, place, ring, manifest, "data/bank.db")
//
// The manifest can be read without keys; it names no customer and no amount. What says which part is which plain text is
// sealed, and bound to the rest of the manifest, so that nobody without the ring can change, mix or shorten a backup. Keys
// are never part of one: a backup without the ring is worthless, which is what makes it fit for other people's storage.
package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

const (
	format      = 1
	partBytes   = 256 << 10 // of plain text; the last one may be shorter
	workers     = 8         // parts that travel at the same time
	manifestDir = "backups/"
	partDir     = "parts/"
	nameLayout  = "20060102T150405.000000Z"
)

// Refusals of a backup.
var (
	// ErrNone says that the place holds no backup, or none as old as was asked for.
	ErrNone = errors.New("there is no such backup")
	// ErrFormat refuses a backup of another format than this program's.
	ErrFormat = errors.New("the backup has a format that this program does not know")
	// ErrDamaged refuses what is not as it was written: changed, mixed up, cut short, or of another bank's ring.
	ErrDamaged = errors.New("the backup is damaged, or sealed under another ring")
	// ErrVanished says that somebody removed parts while they were needed, such as a second backup into the same place.
	ErrVanished = errors.New("parts of the backup have vanished while it was made")
)

// Manifest says what a backup holds.
type Manifest struct {
	Format       int               `json:"format"`
	Name         string            `json:"name"`
	MadeAt       time.Time         `json:"madeAt"` // all that was committed before is in it
	Program      string            `json:"program"`
	Schema       map[string]string `json:"schema"` // last migration of each domain
	BusinessDate string            `json:"businessDate"`
	Audit        Audit             `json:"audit"`
	Bytes        int64             `json:"bytes"` // of the database file
	Parts        []Part            `json:"parts"`
	Sealed       []byte            `json:"sealed,omitempty"` // SHA-256 of each part's plain text, one after the other

	plain []string // the same, opened: in hexadecimal
}

// Audit is how far the audit log had been sealed.
type Audit struct {
	Leaves     int64  `json:"leaves"`
	Checkpoint string `json:"checkpoint"` // signed; any tool that reads signed notes can check it
}

// Part is one sealed piece.
type Part struct {
	SHA256 string `json:"sha256"` // of what is stored
	Bytes  int64  `json:"bytes"`  // of what is stored
}

func (p Part) file() string { return partDir + p.SHA256[:2] + "/" + p.SHA256 }

func nameOf(at time.Time) string { return at.UTC().Format(nameLayout) }

func timeOf(name string) (time.Time, error) { return time.Parse(nameLayout, name) }

// digest covers all that anybody can read.
func (m Manifest) digest() (string, error) {
	m.Sealed = nil
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("write manifest: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func manifestAAD(digest string) crypto.AAD {
	return crypto.AAD{Table: "backup", Column: "manifest", Row: digest}
}

func partAAD(plain string) crypto.AAD {
	return crypto.AAD{Table: "backup", Column: "part", Row: plain}
}

// seal binds the hashes of the plain parts to the rest of the manifest.
func (m *Manifest) seal(ring *crypto.Ring) error {
	digest, err := m.digest()
	if err != nil {
		return err
	}
	plain, err := hex.DecodeString(strings.Join(m.plain, ""))
	if err != nil {
		return fmt.Errorf("seal manifest: %w", err)
	}
	m.Sealed = ring.Seal(crypto.Backup, plain, manifestAAD(digest))
	return nil
}

// open reads what seal has sealed, and so learns that nothing was changed.
func (m *Manifest) open(ring *crypto.Ring) error {
	if m.Format != format {
		return fmt.Errorf("%w: %d", ErrFormat, m.Format)
	}
	digest, err := m.digest()
	if err != nil {
		return err
	}
	plain, err := ring.Open(crypto.Backup, m.Sealed, manifestAAD(digest))
	if err != nil || len(plain) != len(m.Parts)*sha256.Size {
		return fmt.Errorf("manifest %s: %w", m.Name, ErrDamaged)
	}
	m.plain = m.plain[:0]
	for sum := range slices.Chunk(plain, sha256.Size) {
		m.plain = append(m.plain, hex.EncodeToString(sum))
	}
	return nil
}

// List names the backups of a place, oldest first.
func List(ctx context.Context, place Place) ([]string, error) {
	files, err := place.List(ctx, manifestDir)
	if err != nil {
		return nil, fmt.Errorf("list backups: %w", err)
	}
	var names []string
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(f, manifestDir), ".json")
		if _, err := timeOf(name); err == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Find reads the newest backup that was made not after an instant; zero means the newest of all. ErrNone, ErrFormat or
// ErrDamaged.
func Find(ctx context.Context, place Place, ring *crypto.Ring, at time.Time) (Manifest, error) {
	names, err := List(ctx, place)
	if err != nil {
		return Manifest{}, err
	}
	for _, name := range slices.Backward(names) {
		if made, err := timeOf(name); err == nil && (at.IsZero() || !made.After(at)) {
			return read(ctx, place, ring, name)
		}
	}
	return Manifest{}, ErrNone
}

func read(ctx context.Context, place Place, ring *crypto.Ring, name string) (Manifest, error) {
	text, err := place.Get(ctx, manifestDir+name+".json")
	if err != nil {
		return Manifest{}, fmt.Errorf("read backup %s: %w", name, err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Name != name {
		return Manifest{}, fmt.Errorf("read backup %s: %w", name, ErrDamaged)
	}
	return m, m.open(ring)
}
