package app

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/s3"
)

// documents is where the content of documents stands: in the database, or in the object store of --blobs, which must
// answer before the bank opens.
func (b *Bank) documents(ctx context.Context) (blob.Storage, error) {
	if b.Config.Blobs == "" {
		return blob.Database(), nil
	}
	place, err := s3.Parse(b.Config.Blobs)
	if err != nil {
		return nil, fmt.Errorf("--blobs: %w", err)
	}
	bucket, err := s3.Open(place, s3.Credentials{Key: b.Config.BlobsKey, Secret: crypto.Secret(b.Config.BlobsSecret)})
	if err != nil {
		return nil, fmt.Errorf("--blobs: %w", err)
	}
	if err := bucket.Check(ctx); err != nil {
		return nil, fmt.Errorf("--blobs: %w", err)
	}
	return blob.Objects(bucket, b.Log), nil
}
