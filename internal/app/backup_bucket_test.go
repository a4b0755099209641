package app_test

import (
	"errors"
	"io/fs"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/app/backup"
)

// bucketOf is a bucket of a real S3 server in this process: its address, and what it holds.
func bucketOf(t *testing.T) (address string, kept *s3mem.Backend) {
	t.Helper()
	kept = s3mem.New()
	if err := kept.CreateBucket("bank"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(kept).Server())
	t.Cleanup(server.Close)
	return "s3://bank/backups-of-tongbao?endpoint=" + server.URL + "&region=cn-north-1", kept
}

var storeKey = app.StoreKey{Key: "key", Secret: "secret"}

func TestABankIsCopiedToABucketAndPutBackFromIt(t *testing.T) {
	t.Parallel()
	b, c := served(t)
	address, kept := bucketOf(t)
	li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
	plan := app.BackupPlan{To: address, Store: storeKey, Keep: backup.Keep{Least: 3, Days: 30}}
	var made []backup.Made
	for range 2 {
		li.Pay(wang, "1.00").Is(201)
		if err := app.Backup(t.Context(), c, plan, func(m backup.Made, err error) { made = append(made, m) }); err != nil {
			t.Fatal(err)
		}
	}
	if len(made) != 2 || made[1].New == 0 || made[1].New >= len(made[1].Parts) {
		t.Errorf("the second backup stores %d of %d parts", made[len(made)-1].New, len(made[len(made)-1].Parts))
	}
	li.Pay(wang, "50.00").Is(201) // not in any backup
	objects, err := kept.ListBucket("bank", nil, gofakes3.ListBucketPage{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects.Contents {
		if !strings.HasPrefix(o.Key, "backups-of-tongbao/") {
			t.Errorf("%s lies outside of its folder", o.Key)
		}
	}
	for which, at := range []time.Time{made[0].MadeAt, {}} {
		there := elsewhere(t, c)
		restored, err := app.Restore(t.Context(), there, app.Restoring{From: address, Store: storeKey, At: at})
		if err != nil {
			t.Fatal(err)
		}
		if !restored.Holds() || restored.Backup.Name != made[which].Name || restored.Verified.Books.Journals == 0 {
			t.Errorf("restored: %v", restored)
		}
	}
}

func TestABucketThatLostPartsOrIsNotThereIsTold(t *testing.T) {
	t.Parallel()
	_, c := served(t)
	address, kept := bucketOf(t)
	plan := app.BackupPlan{To: address, Store: storeKey, Keep: backup.Keep{Least: 3, Days: 30}}
	var made backup.Made
	if err := app.Backup(t.Context(), c, plan, func(m backup.Made, _ error) { made = m }); err != nil {
		t.Fatal(err)
	}
	part := made.Parts[0].SHA256
	if _, err := kept.DeleteObject("bank", "backups-of-tongbao/parts/"+part[:2]+"/"+part); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Restore(t.Context(), elsewhere(t, c), app.Restoring{From: address, Store: storeKey}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a part is gone: %v", err)
	}
	plan.To = strings.Replace(address, "s3://bank/", "s3://nobody/", 1)
	if err := app.Backup(t.Context(), c, plan, func(backup.Made, error) {}); err == nil || !strings.Contains(err.Error(), "no bucket nobody") {
		t.Errorf("there is no such bucket: %v", err)
	}
	plan.To = "s3://bank/x?endpoint=http://s3.example"
	if err := app.Backup(t.Context(), c, plan, func(backup.Made, error) {}); err == nil {
		t.Error("plain HTTP to another machine is allowed")
	}
}
