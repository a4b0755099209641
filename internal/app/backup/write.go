package backup

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// Options of a backup.
type Options struct {
	Program string // its version
	Staging string // folder for sealed parts until the transaction has ended; the system's for temporary files when empty
	// Facts fills in business date and audit log, as the backup's own transaction sees them.
	Facts func(ctx context.Context, tx *db.Tx, m *Manifest) error
}

// Made is a finished backup.
type Made struct {
	Manifest
	New      int   // parts that no backup before held
	NewBytes int64 // of these, as stored
}

// Write makes a backup of an SQLite database. Parts are sealed into the staging folder while the transaction runs, and
// travel after it: a slow place does not hold the database's log back. db.ErrNoFile on PostgreSQL.
func Write(ctx context.Context, d *db.DB, ring *crypto.Ring, place Place, o Options) (Made, error) {
	known, err := inventory(ctx, place, ring)
	if err != nil {
		return Made{}, err
	}
	staging, err := os.MkdirTemp(o.Staging, "tongbao-backup-")
	if err != nil {
		return Made{}, fmt.Errorf("stage backup: %w", err)
	}
	defer func() { _ = os.RemoveAll(staging) }() // sealed parts only
	c := &cutter{ring: ring, staging: staging, known: known}
	c.made.Format, c.made.Program = format, o.Program
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		if c.made.Schema, err = tx.Schema(ctx); err != nil {
			return err
		}
		c.made.MadeAt = tx.Now() // when it began: the view is that of its first statement, a moment later
		c.made.Name = nameOf(c.made.MadeAt)
		if err := o.Facts(ctx, tx, &c.made.Manifest); err != nil {
			return err
		}
		if err := tx.Pages(ctx, c.take); err != nil {
			return err
		}
		return c.cut()
	})
	if err != nil {
		return Made{}, fmt.Errorf("copy the database: %w", err)
	}
	if err := c.send(ctx, place); err != nil {
		return Made{}, fmt.Errorf("send the backup: %w", err)
	}
	if err := c.made.seal(ring); err != nil {
		return Made{}, err
	}
	return c.made, finish(ctx, place, c.made.Manifest)
}

// finish writes the manifest, and takes it back if a part is gone by now.
func finish(ctx context.Context, place Place, m Manifest) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	file := manifestDir + m.Name + ".json"
	if err := place.Put(ctx, file, text); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	present, err := parts(ctx, place)
	if err != nil {
		return err
	}
	for _, p := range m.Parts {
		if !present[p.file()] {
			return errors.Join(ErrVanished, place.Remove(ctx, file))
		}
	}
	return nil
}

// parts is the set of parts that a place holds.
func parts(ctx context.Context, place Place) (map[string]bool, error) {
	files, err := place.List(ctx, partDir)
	if err != nil {
		return nil, fmt.Errorf("list parts: %w", err)
	}
	present := make(map[string]bool, len(files))
	for _, f := range files {
		present[f] = true
	}
	return present, nil
}

// inventory is what the newest backup holds, by the hash of the plain text. One that cannot be read helps nobody: the
// next one is then whole.
func inventory(ctx context.Context, place Place, ring *crypto.Ring) (map[string]Part, error) {
	known := make(map[string]Part)
	m, err := Find(ctx, place, ring, time.Time{})
	if errors.Is(err, ErrNone) || errors.Is(err, ErrFormat) || errors.Is(err, ErrDamaged) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	present, err := parts(ctx, place)
	if err != nil {
		return nil, err
	}
	for i, p := range m.Parts {
		if present[p.file()] {
			known[m.plain[i]] = p
		}
	}
	return known, nil
}

// cutter makes parts of pages.
type cutter struct {
	ring    *crypto.Ring
	staging string
	known   map[string]Part // by plain text
	buffer  []byte
	fresh   []Part
	made    Made
}

func (c *cutter) take(page []byte) error {
	c.buffer = append(c.buffer, page...)
	if len(c.buffer) < partBytes {
		return nil
	}
	return c.cut()
}

// cut ends a part: it is new, or known.
func (c *cutter) cut() error {
	if len(c.buffer) == 0 {
		return nil
	}
	sum := sha256.Sum256(c.buffer)
	plain := hex.EncodeToString(sum[:])
	part, known := c.known[plain]
	if !known {
		sealed, err := pack(c.ring, c.buffer, plain)
		if err != nil {
			return err
		}
		outer := sha256.Sum256(sealed)
		part = Part{SHA256: hex.EncodeToString(outer[:]), Bytes: int64(len(sealed))}
		if err := os.WriteFile(filepath.Join(c.staging, part.SHA256), sealed, fileMode); err != nil {
			return fmt.Errorf("stage part: %w", err)
		}
		c.known[plain] = part
		c.fresh = append(c.fresh, part)
		c.made.New++
		c.made.NewBytes += part.Bytes
	}
	c.made.Parts = append(c.made.Parts, part)
	c.made.plain = append(c.made.plain, plain)
	c.made.Bytes += int64(len(c.buffer))
	c.buffer = c.buffer[:0]
	return nil
}

// send carries the new parts to their place.
func (c *cutter) send(ctx context.Context, place Place) error {
	return each(ctx, len(c.fresh), func(i int) error {
		content, err := os.ReadFile(filepath.Join(c.staging, c.fresh[i].SHA256))
		if err != nil {
			return err
		}
		return place.Put(ctx, c.fresh[i].file(), content)
	})
}

// pack compresses and seals; unpack is its reverse.
func pack(ring *crypto.Ring, plain []byte, sum string) ([]byte, error) {
	var small bytes.Buffer
	w, err := flate.NewWriter(&small, flate.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return ring.Seal(crypto.Backup, small.Bytes(), partAAD(sum)), nil
}

// each does something for 0 to n-1, a few at a time, and stops at the first failure.
func each(ctx context.Context, n int, do func(int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var all sync.WaitGroup
	for range min(workers, n) {
		all.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	all.Wait()
	return context.Cause(ctx)
}
