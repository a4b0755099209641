package audit

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const (
	folderFile = "audit-checkpoints.txt"
	folderTail = 64 << 10 // bytes read from the end: some 250 checkpoints
)

// Folder is a CheckpointSink that appends to one text file in a folder. Let it be on another machine, or on a medium
// that can be written once: in the same place as the database it protects nothing. The file may be moved away and
// archived while the bank runs; the next checkpoint begins a new one.
type Folder struct{ path string }

// NewFolder keeps checkpoints in a folder, which it makes if needed.
func NewFolder(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("make folder for checkpoints: %w", err)
	}
	return &Folder{path: path}, nil
}

// Put appends a note and waits for the disk. A write that a crash tore apart spoils only itself.
func (f *Folder) Put(_ context.Context, signed []byte) (err error) {
	file, err := os.OpenFile(filepath.Join(f.path, folderFile), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}()
	if _, err := file.Write(append([]byte("\n\n"), signed...)); err != nil {
		return err
	}
	return file.Sync()
}

// Latest gives the notes at the end of the file.
func (f *Folder) Latest(context.Context) ([][]byte, error) {
	file, err := os.Open(filepath.Join(f.path, folderFile))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(max(0, size-folderTail), io.SeekStart); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return notesIn(text), nil
}

// notesIn finds notes: a text, an empty line, and lines that begin with a dash, which are its signatures.
func notesIn(text []byte) [][]byte {
	var notes [][]byte
	blocks := bytes.Split(text, []byte("\n\n"))
	for i := 1; i < len(blocks); i++ {
		if signatures := bytes.TrimRight(blocks[i], "\n"); bytes.HasPrefix(signatures, []byte("— ")) {
			said := bytes.TrimLeft(blocks[i-1], "\n")
			notes = append(notes, fmt.Appendf(nil, "%s\n\n%s\n", said, signatures))
		}
	}
	return notes
}
