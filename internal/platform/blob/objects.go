package blob

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// Bucket is an object store; platform/s3 is one.
type Bucket interface {
	Put(ctx context.Context, name string, content []byte) error
	Find(ctx context.Context, name string) (content []byte, found bool, err error)
	Delete(ctx context.Context, name string) error
}

// deletePatience is how long a deletion may take after its commit.
const deletePatience = 30 * time.Second

// Objects is a storage outside the database, for banks whose documents outgrow it. An object is written before the
// transaction commits and stays, sealed and nameless, when it does not; it is deleted after the commit, so that what a
// transaction took back is still there. Whoever has waited for its own locks waits for the store too: documents are put in
// short transactions that lock one customer.
func Objects(b Bucket, log *slog.Logger) Storage { return objects{b, log} }

type objects struct {
	bucket Bucket
	log    *slog.Logger
}

// Put implements Storage.
func (o objects) Put(ctx context.Context, _ *db.Tx, id string, sealed []byte) error {
	if err := o.bucket.Put(ctx, id, sealed); err != nil {
		return fmt.Errorf("put document outside: %w", err)
	}
	return nil
}

// Find implements Storage.
func (o objects) Find(ctx context.Context, _ *db.Tx, id string) ([]byte, bool, error) {
	return o.bucket.Find(ctx, id)
}

// Delete implements Storage. An object that cannot be deleted is told to the log by its id; without the owner's data key,
// which erasure destroys, nobody reads it.
func (o objects) Delete(ctx context.Context, tx *db.Tx, id string) error {
	tx.AfterCommit(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deletePatience)
		defer cancel()
		if err := o.bucket.Delete(ctx, id); err != nil {
			o.log.Error("a document stays in the object store", slog.String("blob", id), slog.Any("err", err))
		}
	})
	return nil
}
