package deposit_test

import (
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestAListOpensWhatTheRulesAllowAndRefusesTheRestAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		known, unknown := b.person(customer.LevelFace).Customer(), b.person(0).Customer()
		list := []deposit.Opening{
			{Customer: known, Product: "current_1"},
			{Customer: known, Product: "current_1"}, // one of class I for a person
			{Customer: unknown, Product: "current_2"},
			{Customer: known, Product: "current_9"},
			{Customer: known, Product: "term_1y"}, // no current account
		}
		for range 6 { // five of class II
			list = append(list, deposit.Opening{Customer: known, Product: "current_2"})
		}
		opened, err := b.OpenMany(t.Context(), act.Job("list"), list)
		if err != nil {
			t.Fatal(err)
		}
		want := []error{nil, deposit.ErrCount, deposit.ErrLevel, catalog.ErrNoProduct, catalog.ErrNoProduct, nil, nil, nil, nil, nil, deposit.ErrCount}
		numbers := make(map[string]bool)
		for i, o := range opened {
			if !errors.Is(o.Err, want[i]) || (want[i] == nil) != (o.Err == nil) {
				t.Errorf("opening %d: %v, want %v", i, o.Err, want[i])
			}
			if o.Err != nil {
				continue
			}
			err := b.d.Read(t.Context(), func(tx *db.Tx) error {
				h, err := b.Holding(t.Context(), tx, known, o.Account.ID)
				if numbers[h.Number] || deposit.CheckNumber(h.Number) != nil || !h.Balance.Booked.IsZero() {
					t.Errorf("opening %d has number %q", i, h.Number)
				}
				numbers[h.Number] = true
				found, ok, err2 := b.FindByNumber(t.Context(), tx, h.Number)
				if !ok || found.ID != o.Account.ID {
					t.Errorf("opening %d is not found by its number", i)
				}
				return errors.Join(err, err2)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Open(t.Context(), act.Person(known, act.Mobile), deposit.Opening{Customer: known, Product: "current_2"}); !errors.Is(err, deposit.ErrCount) {
			t.Errorf("after the list another of class II: %v", err)
		}
	})
}

func TestAListThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		for name, list := range map[string][]deposit.Opening{
			"nothing":  nil,
			"too long": make([]deposit.Opening, deposit.OpeningsMax+1),
			"a key":    {{Customer: id.Customer("cust_x"), Product: "current_1", Key: "key-0123456789abcdef"}},
		} {
			if _, err := b.OpenMany(t.Context(), act.Job("list"), list); !errors.Is(err, deposit.ErrOpenings) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
