package blob_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/id"
)

const owner = "cust_a"

var pdf = []byte("%PDF-1.7 a statement")

// each gives a store and the customers cust_a and cust_b.
func each(t *testing.T, test func(t *testing.T, d *db.DB, v *vault.Vault, s *blob.Store)) {
	t.Helper()
	dbtest.Each(t, []db.Migrations{vault.Migrations(), blob.Migrations()}, func(t *testing.T, d *db.DB) {
		ring, err := crypto.NewRing()
		if err != nil {
			t.Fatal(err)
		}
		v := vault.New(ring)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(v.Create(ctx, tx, owner), v.Create(ctx, tx, "cust_b"))
		})
		test(t, d, v, blob.NewStore(v, blob.Database()))
	})
}

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, d *db.DB, s *blob.Store, n blob.New) string {
	t.Helper()
	var key string
	write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		key, err = s.Put(ctx, tx, n)
		return err
	})
	return key
}

func get(t *testing.T, d *db.DB, s *blob.Store, who, key string) (blob.Blob, error) {
	t.Helper()
	var b blob.Blob
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		b, err = s.Get(t.Context(), tx, who, key)
		return err
	})
	return b, err
}

func statement(content []byte) blob.New {
	return blob.New{Owner: owner, Kind: "deposit.statement", ContentType: blob.PDF, Content: content}
}

func TestADocumentComesBackToItsOwnerOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, _ *vault.Vault, s *blob.Store) {
		key := put(t, d, s, statement(pdf))
		if _, err := id.Parse[id.Blob](key); err != nil {
			t.Errorf("%s is no id of a document", key)
		}
		b, err := get(t, d, s, owner, key)
		if err != nil || !bytes.Equal(b.Content, pdf) || b.ContentType != blob.PDF || b.Size != int64(len(pdf)) || b.Kind != "deposit.statement" {
			t.Errorf("got %+v, %v", b.Info, err)
		}
		if _, err := get(t, d, s, "cust_b", key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("another's: %v", err)
		}
		if _, err := get(t, d, s, owner, "blob_unknown"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("unknown: %v", err)
		}
	})
}

func TestAStoredDocumentCannotBeReadOrExchangedInTheDatabase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, _ *vault.Vault, s *blob.Store) {
		first, second := put(t, d, s, statement(pdf)), put(t, d, s, statement([]byte("%PDF-1.7 another")))
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			sealed, err := db.One(ctx, tx, db.Value[[]byte], `SELECT sealed FROM blob_content WHERE id = $1`, first)
			if bytes.Contains(sealed, []byte("statement")) {
				t.Error("the content can be read")
			}
			if err == nil {
				_, err = tx.Exec(ctx, `UPDATE blob_content SET sealed = $2 WHERE id = $1`, second, sealed)
			}
			return err
		})
		if _, err := get(t, d, s, owner, second); !errors.Is(err, crypto.ErrSealed) {
			t.Errorf("exchanged content: %v", err)
		}
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE blob_blob SET kind = 'customer.id_front' WHERE id = $1`, first)
			return err
		})
		if _, err := get(t, d, s, owner, first); !errors.Is(err, crypto.ErrSealed) {
			t.Errorf("under another kind: %v", err)
		}
	})
}

func TestDocumentsAreErasedWithTheirOwner(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, v *vault.Vault, s *blob.Store) {
		key := put(t, d, s, statement(pdf))
		write(t, d, func(ctx context.Context, tx *db.Tx) error { return v.Destroy(ctx, tx, owner) })
		if _, err := get(t, d, s, owner, key); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("err = %v", err)
		}
	})
}

func TestOwnDocumentsAreListedAndDeleted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, _ *vault.Vault, s *blob.Store) {
		var keys []string
		for range 3 {
			keys = append(keys, put(t, d, s, statement(pdf)))
		}
		others := statement(pdf)
		others.Owner = "cust_b"
		put(t, d, s, others)
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			if err := s.Delete(ctx, tx, "cust_b", keys[1]); !errors.Is(err, blob.ErrNotFound) {
				t.Errorf("delete another's: %v", err)
			}
			return s.Delete(ctx, tx, owner, keys[1])
		})
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			all, err := s.List(ctx, tx, owner, "", 0)
			if len(all) != 2 || all[0].ID != keys[0] || all[1].ID != keys[2] {
				t.Errorf("listed %+v", all)
			}
			rest, _ := s.List(ctx, tx, owner, keys[0], 1)
			if len(rest) != 1 || rest[0].ID != keys[2] {
				t.Errorf("second page %+v", rest)
			}
			n, _ := db.One(ctx, tx, db.Value[int64], `SELECT count(*) FROM blob_content`)
			if n != 3 {
				t.Errorf("%d contents are left", n)
			}
			return err
		})
	})
}

func TestWhatIsNotADocumentIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, _ *vault.Vault, s *blob.Store) {
		svg := []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
		for name, tc := range map[string]struct {
			blob.New
			want error
		}{
			"nothing":                {statement(nil), blob.ErrEmpty},
			"too much":               {statement(append(bytes.Clone(pdf), make([]byte, blob.SizeMax)...)), blob.ErrTooLarge},
			"SVG":                    {blob.New{Owner: owner, Kind: "a", ContentType: "image/svg+xml", Content: svg}, blob.ErrContentType},
			"SVG that says it's PNG": {blob.New{Owner: owner, Kind: "a", ContentType: blob.PNG, Content: svg}, blob.ErrContentType},
			"a PDF that says JPEG":   {blob.New{Owner: owner, Kind: "a", ContentType: blob.JPEG, Content: pdf}, blob.ErrContentType},
			"an unknown type":        {blob.New{Owner: owner, Kind: "a", ContentType: "", Content: []byte("hello")}, blob.ErrContentType},
			"nobody's":               {blob.New{Kind: "a", ContentType: blob.PDF, Content: pdf}, blob.ErrKind},
			"without a kind":         {blob.New{Owner: owner, ContentType: blob.PDF, Content: pdf}, blob.ErrKind},
			"of an unknown owner":    {blob.New{Owner: "cust_x", Kind: "a", ContentType: blob.PDF, Content: pdf}, vault.ErrNoKey},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := s.Put(t.Context(), tx, tc.New)
				return err
			})
			if !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
	})
}
