package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ForeseenKey is the figure whose changes Simulate foresees: from which amount on a payment to another person wants a
// stronger proof.
const ForeseenKey = "payment.screen.step_up_minor"

// Names of what a change would have done.
const (
	effectMore  = "payment.effect.more_step_ups"
	effectFewer = "payment.effect.fewer_step_ups"
)

// Simulate implements rule.Simulation: how many of the payments that people ordered in a span of days lie between the
// figure in force and the one proposed, and so would have wanted one proof more, or one fewer.
func (s *Service) Simulate(ctx context.Context, c rule.Comparison, from, to clock.Date) ([]rule.Effect, error) {
	after, err := c.Row.Amount()
	if err != nil {
		return nil, err
	}
	before := after
	if c.InUse {
		if before, err = c.Now.Amount(); err != nil {
			return nil, err
		}
	}
	name, least, below := effectMore, after.Minor(), before.Minor()
	if least > below {
		name, least, below = effectFewer, below, least
	}
	e := rule.Effect{Name: name}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		earliest := id.New[id.Transfer](from.Midnight(s.Days.Zone()).AddDate(0, 0, -1)) // an intent is older than its payment
		var sum int64
		e.Of, e.Count, sum, err = countBetween(ctx, tx, span{earliest, from, to}, least, below)
		e.Amount = money.New(sum, after.Currency())
		return err
	})
	return []rule.Effect{e}, err
}

// span is the transfers of some days.
type span struct {
	earliest id.Transfer // ids before it are older
	from, to clock.Date
}
