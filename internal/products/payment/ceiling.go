package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ceiling keeps class III accounts below what they may hold at any time (银发〔2018〕16号), also from the holder's own
// other accounts. It looks at locked balances and adds what it has let pass; what the account itself pays out in the
// same batch does not make room.
type ceiling struct {
	s        *Service
	on       clock.Date
	balances map[string]ledger.Balance
	coming   map[id.Account]int64 // minor units let pass
}

// admit says deposit.ErrBalance when the account would hold too much, and then whether it is because of what was let
// pass before. Only what moves now takes room.
func (c *ceiling) admit(ctx context.Context, payee deposit.Account, minor int64, now bool) (crowded bool, err error) {
	most, limited, err := c.s.Limits.BalanceMost(ctx, payee, c.on)
	if err != nil || !limited {
		return false, err
	}
	before := c.balances[string(payee.ID)].Booked.Minor()
	if minor > most.Minor()-before-c.coming[payee.ID] {
		return c.coming[payee.ID] > 0, deposit.ErrBalance
	}
	if now {
		if c.coming == nil {
			c.coming = make(map[id.Account]int64)
		}
		c.coming[payee.ID] += minor
	}
	return false, nil
}
