package crypto

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	dirMode  = 0o700
	fileMode = 0o600
	// othersMode are the permission bits that nobody but the owner may have on a key.
	othersMode = 0o077
	// maxKeyFile bounds a key file in bytes; hundreds of generations fit.
	maxKeyFile = 1 << 20
)

// checkMode refuses a path that other users of the machine may touch.
func checkMode(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrNoRing, path)
	}
	if err != nil {
		return fmt.Errorf("look at keys: %w", err)
	}
	if info.Mode().Perm()&othersMode != 0 {
		return fmt.Errorf("%w: %s has mode %04o; want %04o for the folder, %04o for files",
			ErrLooseMode, path, info.Mode().Perm(), dirMode, fileMode)
	}
	return nil
}

// readKeyFile reads one key file after checking its mode and size.
func readKeyFile(path string) ([]byte, error) {
	if err := checkMode(path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxKeyFile {
		return nil, fmt.Errorf("crypto: key file of %d bytes is too large", info.Size())
	}
	return os.ReadFile(path)
}

// changeKeyFile replaces a key file as a whole by what edit makes of its old text (nil when there is none): readers
// see the old or the new text, also after a power cut. The temporary file serves as lock, so that two commands that
// rotate at once cannot lose a key to each other.
func changeKeyFile(path string, edit func(old []byte) ([]byte, error)) (err error) {
	next := path + ".new"
	file, err := os.OpenFile(next, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("another change of keys is running, or was cut off; if none runs, remove %s: %w", next, err)
	}
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(next)
		}
	}()
	old, err := readKeyFile(path)
	if err != nil && !errors.Is(err, ErrNoRing) {
		return errors.Join(err, file.Close())
	}
	text, err := edit(old)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err = os.Rename(next, path); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync key folder: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
