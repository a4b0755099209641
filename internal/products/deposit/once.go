package deposit

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Operations of package once.
const (
	openOperation  = "deposit.open"
	closeOperation = "deposit.close"
)

// claim binds a client's key to what is asked for, and answers the entity of its first use: the one of this use when it is
// the first. Who sends no key does not ask to be protected from himself.
func claim(ctx context.Context, tx *db.Tx, customer id.Customer, operation, key, about string, entity id.Account) (id.Account, error) {
	if key == "" {
		return entity, nil
	}
	k := once.Key{Principal: string(customer), Operation: operation, Key: key, Body: sha256.Sum256([]byte(about)), Entity: string(entity)}
	if err := k.Check(); err != nil {
		return "", err
	}
	claims, err := once.Claimed(ctx, tx, []once.Key{k})
	if err != nil {
		return "", fmt.Errorf("claim key of %s: %w", operation, err)
	}
	return id.Account(claims[0].Entity), claims[0].Err
}

// again is the account that a key opened before.
func (s *Service) again(ctx context.Context, tx *db.Tx, opened id.Account) (Account, error) {
	all, err := accountsByID(ctx, tx, []id.Account{opened})
	if err != nil {
		return Account{}, fmt.Errorf("find account of a repeated key: %w", err)
	}
	if a, found := all[opened]; found {
		return a, nil
	}
	return Account{}, once.ErrRunning // the first use came to nothing meanwhile
}
