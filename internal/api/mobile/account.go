package mobile

import (
	"context"
	"fmt"
	"strings"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) accountRoutes() {
	r := h.router
	api.Add(r, get("/account-products", "account", "listAccountProducts", "Accounts that the bank offers", myself), h.accountProducts)
	api.Add(r, get("/accounts", "account", "listAccounts", "My accounts, closed ones at the end", mine), h.accounts)
	api.Add(r, created(post("/accounts", "account", "openAccount", "Open an account, once", slowly(onceOnly(myself)))), h.openAccount)
	api.Add(r, get("/accounts/{id}", "account", "account", "One of my accounts", mine), h.account)
	api.Add(r, patch("/accounts/{id}", "account", "renameAccount", "Give an account a nickname", mine), h.renameAccount)
	api.Add(r, post("/accounts/{id}/freeze", "account", "freezeAccount", "Let nothing go out of an account, at once", mine), h.freezeAccount)
	api.Add(r, post("/accounts/{id}/unfreeze", "account", "unfreezeAccount", "Lift my own freeze of an account", proven(mine, deposit.PurposeResume)), h.unfreezeAccount)
	api.Add(r, post("/accounts/{id}/close", "account", "closeAccount", "Close an account that holds nothing, once", onceOnly(mine)), h.closeAccount)
}

func (h *handlers) accountProducts(ctx context.Context, _ *none) (*answer[api.Page[accountProduct]], error) {
	var sold []catalog.Version
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := h.products(ctx, tx)
		if err != nil {
			return err
		}
		today, err := h.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		for _, v := range all {
			offered, err := h.Deposits.Offered(ctx, v.Terms.Currency, today)
			if err != nil {
				return err
			}
			if offered {
				sold = append(sold, v)
			}
		}
		return nil
	})
	locale := api.CallOf(ctx).Locale
	return with(api.PageOf(list(sold, func(v catalog.Version) accountProduct {
		return accountProduct{
			Code: v.Product, Class: v.Terms.Class, Currency: v.Terms.Currency.Code(), Name: v.Name(locale), Note: v.Terms.Notes[locale], TermsVersion: v.Number,
		}
	}), ""), err)
}

// products are the accounts that are sold today.
func (h *handlers) products(ctx context.Context, tx *db.Tx) ([]catalog.Version, error) {
	today, err := h.Days.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	return h.Catalog.List(ctx, tx, catalog.Current, today)
}

func (h *handlers) accounts(ctx context.Context, _ *none) (*answer[api.Page[account]], error) {
	var all []account
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		holdings, err := h.Deposits.Holdings(ctx, tx, api.By(ctx).Customer())
		if err != nil {
			return err
		}
		all, err = h.newAccounts(ctx, tx, holdings)
		return err
	})
	return with(api.PageOf(all, ""), err)
}

func (h *handlers) account(ctx context.Context, in *OfID) (*answer[account], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.accountAfter(ctx, which, nil)
}

func (h *handlers) openAccount(ctx context.Context, in *body[newAccount]) (*answer[account], error) {
	by := api.By(ctx)
	a, err := h.Deposits.Open(ctx, by, deposit.Opening{Customer: by.Customer(), Product: in.Body.ProductCode, Key: api.CallOf(ctx).Key})
	return h.accountAfter(ctx, a.ID, err)
}

func (h *handlers) renameAccount(ctx context.Context, in *ofIDWith[nicknameChange]) (*answer[account], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.accountAfter(ctx, which, h.Deposits.Rename(ctx, api.By(ctx), which, strings.TrimSpace(in.Body.Nickname)))
}

func (h *handlers) freezeAccount(ctx context.Context, in *OfID) (*answer[account], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.accountAfter(ctx, which, h.Deposits.Stop(ctx, api.By(ctx), which))
}

func (h *handlers) unfreezeAccount(ctx context.Context, in *OfID) (*answer[account], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.accountAfter(ctx, which, h.Deposits.Resume(ctx, api.By(ctx), which, proof(ctx)))
}

func (h *handlers) closeAccount(ctx context.Context, in *OfID) (*answer[account], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.accountAfter(ctx, which, h.Deposits.CloseAccount(ctx, api.By(ctx), which, api.CallOf(ctx).Key))
}

// accountAfter shows an account as an act left it.
func (h *handlers) accountAfter(ctx context.Context, which id.Account, err error) (*answer[account], error) {
	if err != nil {
		return nil, err
	}
	var all []account
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		holding, err := h.Deposits.Holding(ctx, tx, api.By(ctx).Customer(), which)
		if err != nil {
			return err
		}
		all, err = h.newAccounts(ctx, tx, []deposit.Holding{holding})
		return err
	})
	if err != nil {
		return nil, err
	}
	return with(all[0], nil)
}

func (h *handlers) newAccounts(ctx context.Context, tx *db.Tx, holdings []deposit.Holding) ([]account, error) {
	sold, err := h.products(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("name products: %w", err)
	}
	locale := api.CallOf(ctx).Locale
	names := make(map[string]string, len(sold))
	for _, v := range sold {
		names[v.Product] = v.Name(locale)
	}
	asked, asks, err := h.asked(ctx, tx, holdings)
	if err != nil {
		return nil, err
	}
	return list(holdings, func(x deposit.Holding) account {
		out := newHolding(x, names)
		if asks && x.Class == 3 && x.State == deposit.Open {
			out.Identification = &identification{State: string(asked.State), DueOn: asked.DueOn.String()}
		}
		return out
	}), nil
}

// asked is what the bank asks of the holder, when there is an account that it could be for.
func (h *handlers) asked(ctx context.Context, tx *db.Tx, holdings []deposit.Holding) (deposit.Identification, bool, error) {
	for _, x := range holdings {
		if x.Class == 3 && x.State == deposit.Open {
			return h.Deposits.Identification(ctx, tx, x.Customer)
		}
	}
	return deposit.Identification{}, false, nil
}

// newHolding writes an account; names are those of the products that are sold.
func newHolding(x deposit.Holding, names map[string]string) account {
	out := account{
		ID: string(x.ID), Number: x.Number, MaskedNumber: deposit.MaskNumber(x.Number), Tail: x.Tail, Class: x.Class,
		ProductCode: x.Product, ProductName: names[x.Product], Nickname: x.Nickname,
		Currency: x.Currency.Code(), State: string(x.State), Frozen: x.Frozen(), Restraint: string(x.Balance.Restraint),
		OpenedAt: x.OpenedAt.UTC(), ClosedAt: api.Instant(x.ClosedAt),
	}
	out.Booked, out.Held = api.MoneyOf(x.Balance.Booked), api.MoneyOf(x.Balance.Held)
	out.FrozenAmount, out.Available = api.MoneyOf(x.Balance.Frozen), api.MoneyOf(x.Balance.Available())
	if out.ProductName == "" {
		out.ProductName = x.Product // not sold any more
	}
	return out
}

type accountProduct struct {
	Code         string `json:"code" example:"current_1"`
	Class        int    `json:"class" minimum:"1" maximum:"3" doc:"Of a personal account (银发〔2016〕261号)"`
	Currency     string `json:"currency" example:"CNY"`
	Name         string `json:"name"`
	Note         string `json:"note" doc:"One sentence that says what it is for"`
	TermsVersion int    `json:"termsVersion"`
}

type newAccount struct {
	ProductCode string `json:"productCode" minLength:"1" maxLength:"40" pattern:"^[a-z0-9_]+$" example:"current_1"`
}

type nicknameChange struct {
	Nickname string `json:"nickname" maxLength:"40" doc:"At most 20 characters; empty takes it away"`
}

type account struct {
	ID           string    `json:"id"`
	Number       string    `json:"number" example:"6217000000000003313" doc:"In full: it is the caller's own"`
	MaskedNumber string    `json:"maskedNumber" example:"6217 **** **** 3313"`
	Tail         string    `json:"tail" example:"3313" doc:"Last four digits"`
	Class        int       `json:"class" minimum:"1" maximum:"3"`
	ProductCode  string    `json:"productCode"`
	ProductName  string    `json:"productName"`
	Nickname     string    `json:"nickname,omitempty"`
	Currency     string    `json:"currency" example:"CNY"`
	State        string    `json:"state" enum:"open,closed"`
	Frozen       bool      `json:"frozen" doc:"Nothing can leave, or nothing can move at all"`
	Restraint    string    `json:"restraint,omitempty" enum:"no_entry_no_exit,entry_only" doc:"What is forbidden"`
	Booked       api.Money `json:"booked" doc:"Balance"`
	Held         api.Money `json:"held" doc:"Promised to somebody"`
	FrozenAmount api.Money `json:"frozenAmount"`
	Available    api.Money `json:"available" doc:"booked - held - frozenAmount"`
	OpenedAt     instant   `json:"openedAt"`
	ClosedAt     *instant  `json:"closedAt,omitempty"`

	Identification *identification `json:"identification,omitempty" doc:"A document is asked for: class III accounts moved as much as the rules allow without one"`
}

type identification struct {
	State string `json:"state" enum:"asked,restricted" doc:"restricted: it did not come in time, and nothing comes in or goes out until it was seen"`
	DueOn string `json:"dueOn" format:"date" doc:"Last day to show it"`
}
