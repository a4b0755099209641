package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	purgeBatch = 500  // rows of one transaction
	purgeRuns  = 2000 // transactions of one table and night
)

// purge ends the life of what is old: the job of every night.
func (s *Service) purge(ctx context.Context, _ job.Job) error {
	now := s.parts.Clock.Now()
	for _, p := range []struct {
		figure string
		remove func(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error)
	}{
		{"notify.message.keep_days", purgeMessages},
		{"notify.delivery.keep_days", purgeDeliveries},
		{"notify.demo.keep_days", purgeCopies},
	} {
		days, err := s.parts.Rules.Int(ctx, p.figure, s.today(now))
		if err != nil {
			return err
		}
		before := s.today(now).AddDays(-int(days)).Midnight(s.parts.Zone)
		for range purgeRuns {
			var n int64
			err := s.parts.DB.Write(ctx, func(tx *db.Tx) (err error) {
				n, err = p.remove(ctx, tx, before, purgeBatch)
				return err
			})
			if err != nil {
				return fmt.Errorf("purge by %s: %w", p.figure, err)
			}
			if n < purgeBatch {
				break
			}
		}
	}
	return nil
}

// madeAt is what ids made at an instant begin with: earlier ones sort before it, and so do those of other rows.
func madeAt[T id.Typed](at time.Time) string {
	const chance = 15 // characters after the time
	made := string(id.New[T](at))
	return made[:len(made)-chance]
}
