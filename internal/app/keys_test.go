package app_test

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// A whole rotation of what hangs on rows: stage, rotate, move, retire, while people go on with their banking.
func TestKeysRotateUnderABankThatIsServed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		operator, err := crypto.OpenRing(b.Config.Keys) // another process
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []crypto.Purpose{crypto.Wrap, crypto.Index} {
			must(t, operator.Stage(p))
		}
		wait(t, "the node reads the staged keys", func() bool { return len(b.Ring.Keys(crypto.Index)) == 2 && len(b.Ring.Keys(crypto.Wrap)) == 2 })
		old := map[crypto.Purpose]string{crypto.Wrap: b.Ring.Keys(crypto.Wrap)[0].ID, crypto.Index: b.Ring.Keys(crypto.Index)[0].ID}
		for p := range old {
			must(t, operator.Rotate(p))
		}
		wait(t, "the node writes by the new keys", func() bool {
			return b.Ring.Keys(crypto.Index)[0].ID != old[crypto.Index] && b.Ring.Keys(crypto.Wrap)[0].ID != old[crypto.Wrap]
		})
		between := b.NewPerson() // while both generations live
		li.Pay(wang, "12.50").Is(http.StatusCreated)

		moved, err := app.MoveKeys(t.Context(), b.Config, slog.New(slog.DiscardHandler))
		must(t, err)
		if moved.Contacts < 3 || moved.Customers != 3 || moved.Accounts < 3 || moved.Wrapped < 3 {
			t.Errorf("moved %+v", moved)
		}
		for p, key := range old {
			must(t, app.RetireKey(t.Context(), b.Config, slog.New(slog.DiscardHandler), p, key))
		}
		wait(t, "the node forgets the old keys", func() bool { return len(b.Ring.Keys(crypto.Index)) == 1 && len(b.Ring.Keys(crypto.Wrap)) == 1 })

		for _, p := range []*apptest.Person{li, wang, between} {
			b.Native().Post("/sessions/password", map[string]any{"identifier": p.Phone, "password": apptest.Password}).
				Is(http.StatusOK).Has(`"status":"second_factor"`) // found by the phone
			p.Get("/me").Is(http.StatusOK).Has(p.Phone[:3])
		}
		li.Pay(wang, "1.00").Is(http.StatusCreated) // found by the account's number
		li.Pay(between, "1.00").Is(http.StatusCreated)
		b.Verify()
	})
}

func TestKeysThatAreNeededStay(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	b.NewPerson()
	log := slog.New(slog.DiscardHandler)
	must(t, b.Ring.Rotate(crypto.PIN))
	for p, key := range map[crypto.Purpose]string{
		crypto.Audit: b.Ring.Keys(crypto.Audit)[0].ID, crypto.PIN: b.Ring.Keys(crypto.PIN)[1].ID, crypto.Index: b.Ring.Keys(crypto.Index)[0].ID,
	} {
		if err := app.RetireKey(t.Context(), b.Config, log, p, key); err == nil {
			t.Errorf("a key for %s was retired that is needed", p)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wait gives the bank time for what it does by itself.
func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 300 {
		if done() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("in vain: %s", what)
}
