package cash

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const pageMost = 100 // movements of a page

// Holding is a till with what it holds.
type Holding struct {
	Till
	Pieces Pieces
	Amount money.Amount
}

// Tills are the tills of a branch with what they hold, the vault first.
func (s *Service) Tills(ctx context.Context, branch string) ([]Holding, error) {
	var all []Holding
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		tills, err := tillsOf(ctx, tx, branch)
		if err != nil {
			return err
		}
		all = make([]Holding, len(tills))
		for i, t := range tills {
			if all[i], err = s.holding(ctx, tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list tills: %w", err)
	}
	return all, nil
}

func (s *Service) holding(ctx context.Context, tx *db.Tx, t Till) (Holding, error) {
	h := Holding{Till: t}
	var err error
	if h.Pieces, err = stockOf(ctx, tx, t.ID); err != nil {
		return Holding{}, err
	}
	h.Amount, err = s.total(h.Pieces, t.Currency)
	return h, err
}

// Mine is the till that the teller has open, without what should be in it: counting is blind. Error: ErrNoTill.
func (s *Service) Mine(ctx context.Context, by act.By) (Till, error) {
	var t Till
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var found bool
		var err error
		if t, found, err = tillOfTeller(ctx, tx, id.Staff(by.Actor)); err == nil && !found {
			err = ErrNoTill
		}
		return err
	})
	return t, err
}

// Movements are those of a till, the newest first, before one (none: from the newest). Error: ErrNoTill for another branch's.
func (s *Service) Movements(ctx context.Context, branch string, till id.Till, before id.Cash, limit int) ([]Movement, error) {
	if limit <= 0 || limit > pageMost {
		limit = pageMost
	}
	var all []Movement
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		t, found, err := findTill(ctx, tx, till)
		if err != nil {
			return err
		}
		if !found || t.Branch != branch {
			return ErrNoTill
		}
		all, err = movementsOf(ctx, tx, till, before, limit)
		return err
	})
	return all, err
}

// Payable says what a pay-out would do, for those who approve it. Errors: ErrNoTill, ErrAccount, ErrPieces, ErrStock.
func (s *Service) Payable(ctx context.Context, tx *db.Tx, o Order) (Till, id.Customer, money.Amount, error) {
	t, found, err := findTill(ctx, tx, o.Till)
	if err != nil {
		return Till{}, "", money.Amount{}, err
	}
	if !found || t.State != Open {
		return Till{}, "", money.Amount{}, ErrNoTill
	}
	amount, err := s.paid(o.Pieces, t.Currency)
	if err != nil {
		return Till{}, "", money.Amount{}, err
	}
	accounts, err := s.Accounts.Accounts(ctx, tx, []id.Account{o.Account})
	if err != nil {
		return Till{}, "", money.Amount{}, err
	}
	a, known := accounts[o.Account]
	if !known {
		return Till{}, "", money.Amount{}, ErrAccount
	}
	stock, err := stockOf(ctx, tx, t.ID)
	if err != nil {
		return Till{}, "", money.Amount{}, err
	}
	return t, a.Customer, amount, stock.add(o.Pieces.negative())
}

// Export is what the room keeps about a customer: the cash that he paid in and drew.
func (s *Service) Export(ctx context.Context, tx *db.Tx, who id.Customer) (name string, data any, err error) {
	all, err := movementsAbout(ctx, tx, who)
	if err != nil {
		return "", nil, fmt.Errorf("export cash: %w", err)
	}
	type exported struct {
		ID      id.Cash      `json:"id"`
		Kind    Kind         `json:"kind"`
		Account id.Account   `json:"account"`
		Amount  money.Amount `json:"amount"`
		On      string       `json:"on"`
		Pieces  Pieces       `json:"pieces"`
	}
	out := make([]exported, len(all))
	for i, m := range all {
		out[i] = exported{m.ID, m.Kind, m.Account, m.Amount, m.On.String(), m.Pieces}
	}
	return "cash", out, nil
}

// Erase has nothing to do: movements hold ids and amounts, which the books keep as well.
func (s *Service) Erase(context.Context, *db.Tx, id.Customer) error { return nil }
