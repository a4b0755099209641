package backup

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// Extract writes the database of a backup to a file that must not exist. Every part is checked twice: what was stored, and
// what it opens to. The file gets its name when it is whole and durable.
func Extract(ctx context.Context, place Place, ring *crypto.Ring, m Manifest, path string) (err error) {
	file, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name()) // half a bank is none
		}
	}()
	err = each(ctx, len(m.Parts), func(i int) error {
		plain, err := unpack(ctx, place, ring, m, i)
		if err != nil {
			return err
		}
		_, err = file.WriteAt(plain, int64(i)*partBytes)
		return err
	})
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("restore %s: %w", m.Name, err)
	}
	info, err := os.Stat(file.Name())
	if err != nil || info.Size() != m.Bytes {
		return fmt.Errorf("restore %s: %w", m.Name, errors.Join(ErrDamaged, err))
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("restore %s: %w", m.Name, err)
	}
	return syncFolder(filepath.Dir(path))
}

// unpack gives the plain text of one part.
func unpack(ctx context.Context, place Place, ring *crypto.Ring, m Manifest, i int) ([]byte, error) {
	p := m.Parts[i]
	sealed, err := place.Get(ctx, p.file())
	if err != nil {
		return nil, fmt.Errorf("part %d: %w", i, err)
	}
	if outer := sha256.Sum256(sealed); hex.EncodeToString(outer[:]) != p.SHA256 {
		return nil, fmt.Errorf("part %d is not as it was stored: %w", i, ErrDamaged)
	}
	small, err := ring.Open(crypto.Backup, sealed, partAAD(m.plain[i]))
	if err != nil {
		return nil, fmt.Errorf("part %d: %w", i, ErrDamaged)
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(small)), partBytes+1))
	if err != nil {
		return nil, fmt.Errorf("part %d: %w", i, ErrDamaged)
	}
	if sum := sha256.Sum256(plain); hex.EncodeToString(sum[:]) != m.plain[i] || len(plain) > partBytes {
		return nil, fmt.Errorf("part %d: %w", i, ErrDamaged)
	}
	return plain, nil
}
