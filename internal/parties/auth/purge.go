package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	purgeBatch = 500                 // rows of one transaction
	sessionLag = 30 * 24 * time.Hour // how long an ended session stays for those who look into a fraud
	shortLag   = 24 * time.Hour      // how long codes, tickets and proofs do
)

// Purge removes what has served its time, in short transactions: codes, ceremonies, tickets, proofs and counters a day
// after their end, sessions a month after theirs, the history of sign-ins after its legal life. It says how many rows.
func (s *Service) Purge(ctx context.Context) (int64, error) {
	now := s.clock.Now()
	p, err := s.policyAt(ctx, now)
	if err != nil {
		return 0, err
	}
	old := id.Raw(now.Add(-p.historyLife)) // ids of the history sort by time
	var total int64
	for _, step := range []func(tx *db.Tx) (int64, error){
		func(tx *db.Tx) (int64, error) { return purgeChallenges(ctx, tx, now.Add(-shortLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeCeremonies(ctx, tx, now.Add(-shortLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeTickets(ctx, tx, now.Add(-shortLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeInvitations(ctx, tx, now.Add(-shortLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeProofs(ctx, tx, now.Add(-shortLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeCounters(ctx, tx, now.Add(-shortLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeSessions(ctx, tx, now.Add(-sessionLag), purgeBatch) },
		func(tx *db.Tx) (int64, error) { return purgeSignIns(ctx, tx, old, purgeBatch) },
	} {
		n, err := s.purgeAll(ctx, step)
		total += n
		if err != nil {
			return total, fmt.Errorf("purge: %w", err)
		}
	}
	return total, nil
}

// purgeAll repeats one step until it finds less than a batch.
func (s *Service) purgeAll(ctx context.Context, step func(tx *db.Tx) (int64, error)) (int64, error) {
	var total int64
	for {
		var n int64
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			var err error
			n, err = step(tx)
			return err
		})
		if err != nil {
			return total, err
		}
		total += n
		if n < purgeBatch {
			return total, nil
		}
	}
}
