package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Place keeps files for a bank, best on another machine. It is safe for concurrent use.
type Place interface {
	// Put keeps a file, whole or not at all, and returns once it is durable.
	Put(ctx context.Context, name string, content []byte) error
	// Get gives a file back.
	Get(ctx context.Context, name string) ([]byte, error)
	// List names the files below a prefix that ends in a slash, in any order.
	List(ctx context.Context, prefix string) ([]string, error)
	// Remove forgets a file; one that is not there is no failure.
	Remove(ctx context.Context, name string) error
}

const (
	folderMode = 0o700
	fileMode   = 0o600
	unfinished = ".unfinished" // how the name of a file ends until it is whole
)

// Folder is a Place on a file system: a second disk, or another machine's.
type Folder struct{ path string }

// OpenFolder keeps files in a folder, which it makes if needed.
func OpenFolder(path string) (*Folder, error) {
	for _, sub := range []string{manifestDir, partDir} {
		if err := os.MkdirAll(filepath.Join(path, sub), folderMode); err != nil {
			return nil, fmt.Errorf("make folder for backups: %w", err)
		}
	}
	return &Folder{path: path}, nil
}

// Put implements Place: the file is written beside its place, synced, and moved.
func (f *Folder) Put(_ context.Context, name string, content []byte) error {
	target := filepath.Join(f.path, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), folderMode); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(target), "*"+unfinished)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), target)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the first error counts
		return err
	}
	return syncFolder(filepath.Dir(target))
}

// Get implements Place.
func (f *Folder) Get(_ context.Context, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(f.path, filepath.FromSlash(name)))
}

// List implements Place. What an interrupted Put left behind is listed too, so that it can be removed.
func (f *Folder) List(_ context.Context, prefix string) ([]string, error) {
	var names []string
	root := filepath.Join(f.path, filepath.FromSlash(prefix))
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(f.path, name)
		names = append(names, path.Clean(filepath.ToSlash(relative)))
		return err
	})
	return names, err
}

// Remove implements Place.
func (f *Folder) Remove(_ context.Context, name string) error {
	err := os.Remove(filepath.Join(f.path, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes a new name in a folder survive a loss of power.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// isUnfinished says that a file was left behind by an interrupted Put.
func isUnfinished(name string) bool { return strings.HasSuffix(name, unfinished) }
