package mobile

import (
	"context"
	"strings"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) payeeRoutes() {
	r := h.router
	api.Add(r, get("/payees", "payee", "listPayees", "My payee book, those paid last first", mine), h.payees)
	api.Add(r, created(post("/payees", "payee", "addPayee", "Keep a payee", slowly(mine))), h.addPayee)
	api.Add(r, patch("/payees/{id}", "payee", "renamePayee", "Give a payee a nickname", mine), h.renamePayee)
	api.Add(r, remove("/payees/{id}", "payee", "removePayee", "Take a payee out of the book", mine), h.removePayee)
	api.Add(r, post("/payees/resolve", "payee", "resolvePayee", "Who is it? Exact, masked and counted", slowly(mine)), h.resolvePayee)
}

func (h *handlers) payees(ctx context.Context, _ *none) (*answer[api.Page[payee]], error) {
	all, err := h.Payments.Payees(ctx, api.By(ctx))
	return with(api.PageOf(list(all, newPayee), ""), err)
}

func (h *handlers) addPayee(ctx context.Context, in *body[addedPayee]) (*answer[payee], error) {
	ref, err := in.Body.ref()
	if err != nil {
		return nil, err
	}
	p, err := h.Payments.AddPayee(ctx, api.By(ctx), ref, strings.TrimSpace(in.Body.Nickname))
	return with(newPayee(p), err)
}

func (h *handlers) renamePayee(ctx context.Context, in *ofIDWith[nicknameChange]) (*none, error) {
	which, err := parse[id.Payee](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Payments.RenamePayee(ctx, api.By(ctx), which, strings.TrimSpace(in.Body.Nickname)))
}

func (h *handlers) removePayee(ctx context.Context, in *OfID) (*none, error) {
	which, err := parse[id.Payee](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Payments.RemovePayee(ctx, api.By(ctx), which))
}

func (h *handlers) resolvePayee(ctx context.Context, in *body[PayeeQuestion]) (*answer[resolvedPayee], error) {
	ref, err := in.Body.ref()
	if err != nil {
		return nil, err
	}
	p, err := h.Payments.Resolve(ctx, api.By(ctx), ref)
	return with(resolvedPayee{Name: p.Name, Account: p.Number}, err)
}

// payeeRef names a payee in one of four ways.
type payeeRef struct {
	AccountNumber string `json:"accountNumber,omitempty" maxLength:"32" pattern:"^[0-9 ]+$" example:"6217000000000003313" doc:"Spaces are passed over"`
	Phone         string `json:"phone,omitempty" maxLength:"32" example:"13900139000" doc:"Exact; found only if the payee allows it"`
	PayeeID       string `json:"payeeId,omitempty" maxLength:"64" doc:"Of my payee book"`
	QR            string `json:"qr,omitempty" maxLength:"512" doc:"What a QR of the bank's says"`
}

// PayeeQuestion is a payee and, if the payer knows it, the real name to compare.
type PayeeQuestion struct {
	Payee payeeRef `json:"payee" doc:"Exactly one of its fields"`
	Name  string   `json:"name,omitempty" maxLength:"64" doc:"Must then be the payee's real name"`
}

func (q PayeeQuestion) ref() (payment.PayeeRef, error) {
	ref := payment.PayeeRef{Number: q.Payee.AccountNumber, Phone: q.Payee.Phone, Code: q.Payee.QR, Name: strings.TrimSpace(q.Name)}
	given := 0
	for _, text := range []string{q.Payee.AccountNumber, q.Payee.Phone, q.Payee.PayeeID, q.Payee.QR} {
		if text != "" {
			given++
		}
	}
	switch given {
	case 0:
		return ref, api.ErrRequired.At("/payee")
	case 1:
	default:
		return ref, api.ErrBadValue.At("/payee")
	}
	if q.Payee.PayeeID == "" {
		return ref, nil
	}
	var err error
	ref.Payee, err = parse[id.Payee](q.Payee.PayeeID, "/payee/payeeId")
	return ref, err
}

type addedPayee struct {
	PayeeQuestion
	Nickname string `json:"nickname,omitempty" maxLength:"40" doc:"At most 20 characters"`
}

type resolvedPayee struct {
	Name    string `json:"name" example:"王*明" doc:"Masked"`
	Account string `json:"account" example:"6217 **** **** 3313" doc:"Masked"`
}

type payee struct {
	ID       string   `json:"id"`
	Name     string   `json:"name" example:"王*明" doc:"Masked"`
	Account  string   `json:"account" example:"6217 **** **** 3313" doc:"Masked"`
	Nickname string   `json:"nickname,omitempty"`
	PaidAt   *instant `json:"paidAt,omitempty" doc:"The last time"`
	MadeAt   instant  `json:"madeAt"`
}

func newPayee(p payment.Payee) payee {
	return payee{ID: string(p.ID), Name: p.Name, Account: p.Number, Nickname: p.Nickname, PaidAt: api.Instant(p.PaidAt), MadeAt: p.MadeAt.UTC()}
}
