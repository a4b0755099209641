package s3_test

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/tongbao/tongbao/internal/platform/s3"
)

// bucket is a folder of a real S3 server in this process.
func bucket(t *testing.T, folder string) *s3.Bucket {
	t.Helper()
	kept := s3mem.New()
	if err := kept.CreateBucket("bank"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(kept).Server())
	t.Cleanup(server.Close)
	return open(t, "s3://bank/"+folder+"?endpoint="+server.URL+"&region=cn-north-1")
}

func open(t *testing.T, address string) *s3.Bucket {
	t.Helper()
	place, err := s3.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s3.Open(place, s3.Credentials{Key: "key", Secret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestObjectsAreKeptFoundListedAndDeleted(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"", "blobs/of/the/bank"} {
		b, ctx := bucket(t, folder), t.Context()
		if err := b.Check(ctx); err != nil {
			t.Fatal(err)
		}
		if _, found, err := b.Find(ctx, "blob_1"); err != nil || found {
			t.Errorf("nothing yet: %t %v", found, err)
		}
		large := bytes.Repeat([]byte("sealed "), 1<<20)
		for name, content := range map[string][]byte{"blob_1": []byte("one"), "blob_2": large, "other/3": []byte("three")} {
			if err := b.Put(ctx, name, content); err != nil {
				t.Fatal(err)
			}
			got, found, err := b.Find(ctx, name)
			if err != nil || !found || !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes, %t, %v", name, len(got), found, err)
			}
		}
		all, err := b.List(ctx, "blob_")
		if err != nil || len(all) != 2 || all[0].Name != "blob_1" || all[1].Size != int64(len(large)) || all[0].At.IsZero() {
			t.Errorf("list %+v %v", all, err)
		}
		for range 2 {
			if err := b.Delete(ctx, "blob_1"); err != nil {
				t.Error(err)
			}
		}
		if _, found, err := b.Find(ctx, "blob_1"); err != nil || found {
			t.Errorf("deleted: %t %v", found, err)
		}
		if all, err := b.List(ctx, ""); err != nil || len(all) != 2 {
			t.Errorf("left %+v %v", all, err)
		}
	}
}

func TestLargeObjectsAreStreamed(t *testing.T) {
	t.Parallel()
	b := bucket(t, "backups")
	if err := b.Upload(t.Context(), "whole", strings.NewReader("all of it"), -1); err != nil {
		t.Fatal(err)
	}
	from, err := b.Download(t.Context(), "whole")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	var got bytes.Buffer
	if _, err := got.ReadFrom(from); err != nil || got.String() != "all of it" {
		t.Errorf("%q %v", got.String(), err)
	}
	none, err := b.Download(t.Context(), "none")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := got.ReadFrom(none); !s3.Missing(err) {
		t.Errorf("what is not there: %v", err)
	}
}

func TestNamesStayInTheirFolder(t *testing.T) {
	t.Parallel()
	b := bucket(t, "blobs")
	if err := b.Put(t.Context(), "../outside", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if all, err := b.List(t.Context(), ""); err != nil || len(all) != 1 || all[0].Name != "outside" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestAStoreThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	kept := s3mem.New()
	server := httptest.NewServer(gofakes3.New(kept).Server())
	b := open(t, "s3://nobody?endpoint="+server.URL+"&region=cn-north-1")
	if err := b.Check(t.Context()); err == nil {
		t.Error("a bucket that is not there is found")
	}
	server.Close()
	if _, _, err := b.Find(t.Context(), "x"); err == nil {
		t.Error("a store that is gone answers")
	}
}

func TestAddressesAreReadStrictly(t *testing.T) {
	t.Parallel()
	p, err := s3.Parse("s3://bank/a/b/?endpoint=https://s3.example:9000&region=cn-north-1")
	if want := (s3.Place{Endpoint: "s3.example:9000", Region: "cn-north-1", Bucket: "bank", Folder: "a/b"}); err != nil || p != want {
		t.Errorf("%+v %v", p, err)
	}
	for address, want := range map[string]error{
		"":                              s3.ErrAddress,
		"https://s3.example/bank":       s3.ErrAddress,
		"s3://bank":                     s3.ErrAddress,
		"s3:///x?endpoint=https://h":    s3.ErrAddress,
		"s3://bank?endpoint=s3.example": s3.ErrAddress,
		"s3://bank?endpoint=https://s3.example/path":         s3.ErrAddress,
		"s3://key:secret@bank?endpoint=https://s3.example":   s3.ErrAddress,
		"s3://bank?endpoint=https://s3.example&secret=x":     s3.ErrAddress,
		"s3://bank?endpoint=http://s3.example":               s3.ErrPlain,
		"s3://bank?endpoint=http://192.168.1.7:9000":         s3.ErrPlain,
		"s3://bank?endpoint=http://localhost.evil.example:1": s3.ErrPlain,
	} {
		if _, err := s3.Parse(address); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", address, err, want)
		}
	}
}
