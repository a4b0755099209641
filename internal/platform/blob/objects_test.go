package blob_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/s3"
	"github.com/tongbao/tongbao/internal/platform/vault"
)

// bucket is a bucket of an S3 server in this process.
func bucket(t *testing.T) *s3.Bucket {
	t.Helper()
	kept := s3mem.New()
	if err := kept.CreateBucket("bank"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(kept).Server())
	t.Cleanup(server.Close)
	place, err := s3.Parse("s3://bank/blobs?endpoint=" + server.URL + "&region=cn-north-1")
	if err != nil {
		t.Fatal(err)
	}
	b, err := s3.Open(place, s3.Credentials{Key: "key", Secret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDocumentsInAnObjectStoreAreSealedAndTheirOwners(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, v *vault.Vault, _ *blob.Store) {
		outside := bucket(t)
		s := blob.NewStore(v, blob.Objects(outside, slog.New(slog.DiscardHandler)))
		key := put(t, d, s, statement(pdf))
		if b, err := get(t, d, s, owner, key); err != nil || !bytes.Equal(b.Content, pdf) {
			t.Errorf("got %+v %v", b.Info, err)
		}
		if _, err := get(t, d, s, "cust_b", key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("another's: %v", err)
		}
		content, found, err := outside.Find(t.Context(), key)
		if err != nil || !found || bytes.Contains(content, []byte("statement")) || strings.Contains(key, owner) {
			t.Errorf("outside: %d bytes, %t, %v", len(content), found, err)
		}
		inside := int64(-1)
		write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			inside, err = db.One(ctx, tx, db.Value[int64], `SELECT count(*) FROM blob_content`)
			return err
		})
		if inside != 0 {
			t.Errorf("%d contents in the database", inside)
		}
	})
}

func TestADocumentOutsideIsDeletedWithTheCommitAndNotBefore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, v *vault.Vault, _ *blob.Store) {
		s := blob.NewStore(v, blob.Objects(bucket(t), slog.New(slog.DiscardHandler)))
		key := put(t, d, s, statement(pdf))
		failure := errors.New("the act failed after all")
		err := d.Write(t.Context(), func(tx *db.Tx) error { return errors.Join(s.Delete(t.Context(), tx, owner, key), failure) })
		if !errors.Is(err, failure) {
			t.Fatal(err)
		}
		if _, err := get(t, d, s, owner, key); err != nil {
			t.Errorf("what was taken back is gone: %v", err)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return s.Delete(ctx, tx, owner, key) })
		if _, err := get(t, d, s, owner, key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("after the commit: %v", err)
		}
	})
}
