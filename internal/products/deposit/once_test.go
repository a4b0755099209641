package deposit_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestOneKeyOpensOneAccount(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by, other := b.person(customer.LevelFace), b.person(customer.LevelFace)
		open := func(product, key string) (deposit.Account, error) {
			return b.Open(t.Context(), by, deposit.Opening{Customer: by.Customer(), Product: product, Key: key})
		}
		first, err := open("current_2", "key-of-the-form-1")
		b.must(err)
		again, err := open("current_2", "key-of-the-form-1")
		b.must(err)
		if again.ID != first.ID || again.Tail != first.Tail {
			t.Errorf("repeated: %+v, first %+v", again, first)
		}
		_, err = open("current_3", "key-of-the-form-1")
		refused(t, err, once.ErrReused)
		_, err = open("current_2", "key with spaces")
		refused(t, err, once.ErrKey)
		second, err := open("current_2", "key-of-the-form-2")
		b.must(err)
		theirs, err := b.Open(t.Context(), other, deposit.Opening{Customer: other.Customer(), Product: "current_2", Key: "key-of-the-form-1"})
		b.must(err)
		if second.ID == first.ID || theirs.ID == first.ID {
			t.Error("another key, or another's key, answers the first account")
		}
	})
}

func TestEqualKeysAtOnceOpenOneAccount(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		ids := make([]id.Account, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				a, err := b.Open(t.Context(), by, deposit.Opening{Customer: by.Customer(), Product: "current_3", Key: "one-key-for-all"})
				if err != nil && !errors.Is(err, once.ErrRunning) {
					t.Error(err)
				}
				ids[i] = a.ID
			})
		}
		wg.Wait()
		for _, other := range ids {
			if other != "" && ids[0] != "" && other != ids[0] {
				t.Errorf("accounts %v", ids)
			}
		}
	})
}

func TestARefusedOpeningUsesNoKeyUp(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelNumber)
		o := deposit.Opening{Customer: by.Customer(), Product: "current_1", Key: "key-of-the-form"}
		_, err := b.Open(t.Context(), by, o)
		refused(t, err, deposit.ErrLevel)
		b.levels[by.Customer()] = customer.LevelFace
		_, err = b.Open(t.Context(), by, o)
		b.must(err)
	})
}

func TestOneKeyClosesOneAccount(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		by := b.person(customer.LevelFace)
		a, other := b.opened(by, 2), b.opened(by, 2)
		b.must(b.pay(a.ID, 5))
		refused(t, b.CloseAccount(t.Context(), by, a.ID, "key-of-the-form"), deposit.ErrNotEmpty)
		b.must(b.pay(a.ID, -5))
		b.must(b.CloseAccount(t.Context(), by, a.ID, "key-of-the-form"))
		b.must(b.CloseAccount(t.Context(), by, a.ID, "key-of-the-form"))
		refused(t, b.CloseAccount(t.Context(), by, a.ID, "another-key"), deposit.ErrClosed)
		refused(t, b.CloseAccount(t.Context(), by, other.ID, "key-of-the-form"), once.ErrReused)
		if b.holding(by, other.ID).State != deposit.Open {
			t.Error("a used key closed another account")
		}
	})
}
