package audit

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// Checkpoint is the signed state of the log: its size, and the root of the tree over so many leaves. Its text is that
// of C2SP tlog-checkpoint: the log's name, the size, the root in base 64, each on a line.
type Checkpoint struct {
	Size int64
	Root tlog.Hash
	Note []byte // as signed; any tool that reads signed notes can check it
}

// CheckpointSink keeps checkpoints outside the database: a folder on another machine, an object store, a mailbox.
type CheckpointSink interface {
	// Put keeps one more signed checkpoint. The same one may come twice, and from two nodes in any order.
	Put(ctx context.Context, signed []byte) error
	// Latest gives back the latest checkpoints kept, in any order, unread: Verify passes over what the bank did not sign.
	Latest(ctx context.Context) ([][]byte, error)
}

// sign makes the checkpoint of a tree.
func (l *Log) sign(size int64, root tlog.Hash) (Checkpoint, error) {
	signer, err := l.ring.CheckpointSigner(l.o.Name)
	if err != nil {
		return Checkpoint{}, err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", l.o.Name, size, root)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	return Checkpoint{Size: size, Root: root, Note: signed}, nil
}

// openCheckpoint reads a checkpoint that one of the verifiers knows; the name is that of the key that signed it.
func openCheckpoint(signed []byte, verifiers note.Verifiers) (Checkpoint, error) {
	opened, err := note.Open(signed, verifiers)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open checkpoint: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != opened.Sigs[0].Name {
		return Checkpoint{}, fmt.Errorf("open checkpoint: it is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 {
		return Checkpoint{}, fmt.Errorf("open checkpoint: it has no size")
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, fmt.Errorf("open checkpoint: it has no root")
	}
	return Checkpoint{Size: size, Root: tlog.Hash(root), Note: signed}, nil
}

// Latest is the last signed checkpoint in the database, as tx sees it; size zero when nothing was sealed yet.
func (l *Log) Latest(ctx context.Context, tx *db.Tx) (size int64, signed string, err error) {
	return latestCheckpoint(ctx, tx)
}

// Publish hands the latest checkpoint to the sink, unless this node has handed it over before.
func (l *Log) Publish(ctx context.Context) error {
	var size int64
	var signed string
	err := l.db.Read(ctx, func(tx *db.Tx) (err error) {
		size, signed, err = latestCheckpoint(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("read latest checkpoint: %w", err)
	}
	if size <= l.published.Load() {
		return nil
	}
	if err := l.sink.Put(ctx, []byte(signed)); err != nil {
		return fmt.Errorf("keep checkpoint outside: %w", err)
	}
	l.published.Store(size)
	return nil
}

// outside is what the sink keeps and the bank signed, by size. It fails when the sink has notes and none is the bank's.
func (l *Log) outside(ctx context.Context) (map[int64]Checkpoint, error) {
	verifiers, err := l.ring.CheckpointVerifiers(l.o.Name)
	if err != nil {
		return nil, err
	}
	notes, err := l.sink.Latest(ctx)
	if err != nil {
		return nil, fmt.Errorf("read checkpoints kept outside: %w", err)
	}
	kept := make(map[int64]Checkpoint, len(notes))
	for _, signed := range notes {
		if c, err := openCheckpoint(signed, verifiers); err == nil {
			kept[c.Size] = c
		}
	}
	if len(notes) > 0 && len(kept) == 0 {
		return nil, fmt.Errorf("none of the %d checkpoints kept outside is signed by this bank", len(notes))
	}
	return kept, nil
}
