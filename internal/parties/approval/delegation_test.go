package approval_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

type ctx = context.Context

func (b *bank) day(plus int) clock.Date {
	b.Helper()
	d, err := clock.ParseDate("2026-11-20")
	b.must(err)
	return d.AddDays(plus)
}

func (b *bank) delegate(absent, deputy act.By, first, last int) error {
	_, err := b.Delegate(b.Context(), absent, id.Staff(deputy.Actor), b.day(first), b.day(last))
	return err
}

func TestADeputyDecidesWhileSomebodyIsAway(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		boss, deputy := b.somebody("operations"), b.somebody("teller")
		r := b.submit(b.somebody(), 7)
		b.must(b.delegate(boss, deputy, 1, 2))
		b.notDecided(deputy, agree(r), approval.ErrRole) // not yet
		b.clock.Advance(24 * time.Hour)
		if todo, _, err := b.Todo(t.Context(), deputy, "", 0); len(todo) != 1 || err != nil {
			t.Errorf("%d wait for the deputy, %v", len(todo), err)
		}
		b.decided(deputy, agree(r), approval.Executed)
		shown, err := b.Find(t.Context(), boss, r.ID, false)
		if err != nil || shown.Taken[0].InPlaceOf != id.Staff(boss.Actor) || shown.Taken[0].Staff != id.Staff(deputy.Actor) {
			t.Errorf("taken as %+v, %v", shown.Taken, err)
		}
		b.clock.Advance(48 * time.Hour)
		b.notDecided(deputy, agree(b.submit(b.somebody(), 8)), approval.ErrRole) // no longer
	})
}

func TestADeputyIsNoWayAround(t *testing.T) {
	t.Parallel()
	two := approval.Policy{Bands: []approval.Band{{Steps: []approval.Step{approval.By("operations"), approval.By("operations")}}}}
	onBanks(t, two, func(t *testing.T, b *bank) {
		boss, deputy, third := b.somebody("operations"), b.somebody("teller"), b.somebody("teller")
		b.must(b.delegate(boss, deputy, 0, 5))
		b.must(b.delegate(deputy, third, 0, 5))
		r := b.submit(boss, 7)
		b.notDecided(deputy, agree(r), approval.ErrRole) // the boss's own request, by his deputy
		b.notDecided(third, agree(r), approval.ErrRole)  // a deputy hands nothing on
		own := b.submit(deputy, 8)
		b.notDecided(deputy, agree(own), approval.ErrOwn)
		other := b.submit(b.somebody(), 9)
		other = b.decided(boss, agree(other), approval.Waiting)
		b.notDecided(deputy, agree(other), approval.ErrRole) // the boss has decided himself
		first := b.submit(b.somebody(), 6)
		first = b.decided(deputy, agree(first), approval.Waiting)
		b.notDecided(boss, agree(first), approval.ErrTwice) // his deputy has
	})
}

func TestDelegationsAreRefused(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		a, c, d := b.somebody("operations"), b.somebody("operations"), b.somebody("operations")
		for name, tc := range map[string]struct {
			deputy      act.By
			first, last int
			want        error
		}{
			"in the past":              {c, -1, 3, approval.ErrDelegation},
			"backwards":                {c, 3, 2, approval.ErrDelegation},
			"too long":                 {c, 0, 60, approval.ErrDelegation},
			"to himself":               {a, 0, 1, approval.ErrDeputy},
			"to his own other account": {b.again(a), 0, 1, approval.ErrDeputy},
			"to nobody":                {act.By{Actor: "stff_none"}, 0, 1, approval.ErrDeputy},
		} {
			if err := b.delegate(a, tc.deputy, tc.first, tc.last); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
		b.must(b.delegate(a, c, 0, 10))
		b.must(b.delegate(c, d, 5, 7))
		if err := b.delegate(d, a, 7, 9); !errors.Is(err, approval.ErrLoop) {
			t.Errorf("a ring of three: %v", err)
		}
		b.must(b.delegate(d, a, 11, 12)) // when the others are back
	})
}

func TestADelegationEndsWhenItsGiverReturns(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		boss, deputy := b.somebody("operations"), b.somebody("teller")
		d, err := b.Delegate(t.Context(), boss, id.Staff(deputy.Actor), b.day(0), b.day(5))
		b.must(err)
		if err := b.Return(t.Context(), deputy, d.ID); !errors.Is(err, approval.ErrNoDelegation) {
			t.Errorf("ended by the deputy: %v", err)
		}
		b.must(b.Return(t.Context(), boss, d.ID))
		b.notDecided(deputy, agree(b.submit(b.somebody(), 7)), approval.ErrRole)
		for _, who := range []act.By{boss, deputy} {
			if all, err := b.Delegations(t.Context(), who); err != nil || len(all) != 1 || all[0].EndedAt.IsZero() {
				t.Errorf("delegations %+v, %v", all, err)
			}
		}
	})
}
