package backup

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/tongbao/tongbao/internal/platform/s3"
)

// Bucket is a Place in an object store that speaks S3. Objects are whole or not there, so there is nothing unfinished.
type Bucket struct{ store *s3.Bucket }

// OpenBucket keeps files in a bucket, which must answer.
func OpenBucket(ctx context.Context, p s3.Place, c s3.Credentials) (*Bucket, error) {
	store, err := s3.Open(p, c)
	if err != nil {
		return nil, err
	}
	if err := store.Check(ctx); err != nil {
		return nil, err
	}
	return &Bucket{store}, nil
}

// Put implements Place: the store answers once it has the whole object.
func (b *Bucket) Put(ctx context.Context, name string, content []byte) error {
	return b.store.Put(ctx, name, content)
}

// Get implements Place.
func (b *Bucket) Get(ctx context.Context, name string) ([]byte, error) {
	content, found, err := b.store.Find(ctx, name)
	if err == nil && !found {
		err = fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return content, err
}

// List implements Place.
func (b *Bucket) List(ctx context.Context, prefix string) ([]string, error) {
	objects, err := b.store.List(ctx, prefix)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = o.Name
	}
	return names, nil
}

// Remove implements Place.
func (b *Bucket) Remove(ctx context.Context, name string) error { return b.store.Delete(ctx, name) }
