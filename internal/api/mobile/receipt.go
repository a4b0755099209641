package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) receiptRoutes() {
	r := h.router
	api.Add(r, created(post("/transfers/{id}/receipt", "receipt", "makeReceipt", "My receipt of a transfer, with a link that others can check", mine)), h.makeReceipt)
	api.Add(r, remove("/transfers/{id}/receipt", "receipt", "revokeReceipt", "Close the link of my receipt", mine), h.revokeReceipt)
	paper := get("/transfers/{id}/receipt.pdf", "receipt", "receiptPdf", "My receipt as a signed paper", slowly(mine))
	paper.Produces = pdfType
	api.Add(r, paper, h.receiptPDF)
}

func (h *handlers) makeReceipt(ctx context.Context, in *OfID) (*answer[receipt], error) {
	which, err := parse[id.Transfer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	r, err := h.Payments.Receipt(ctx, api.By(ctx), which)
	return with(newReceipt(r), err)
}

func (h *handlers) revokeReceipt(ctx context.Context, in *OfID) (*none, error) {
	which, err := parse[id.Transfer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Payments.RevokeReceipt(ctx, api.By(ctx), which))
}

func (h *handlers) receiptPDF(ctx context.Context, in *OfID) (*file, error) {
	which, err := parse[id.Transfer](in.ID, "id")
	if err != nil {
		return nil, err
	}
	content, err := h.Payments.ReceiptPDF(ctx, api.By(ctx), which, api.CallOf(ctx).Locale)
	return attached(pdfType, "receipt.pdf", content, err)
}

type receipt struct {
	ID         string  `json:"id"`
	TransferID string  `json:"transferId"`
	URL        string  `json:"url" doc:"Of the signed paper, below this API"`
	VerifyURL  string  `json:"verifyUrl" doc:"Of the public page that says whether the paper is true; names are masked there"`
	Code       string  `json:"code" doc:"The last part of verifyUrl"`
	MadeAt     instant `json:"madeAt"`
}

func newReceipt(r payment.Receipt) receipt {
	return receipt{
		ID: string(r.ID), TransferID: string(r.Transfer), URL: Prefix + "/transfers/" + string(r.Transfer) + "/receipt.pdf",
		VerifyURL: r.URL, Code: r.Code, MadeAt: r.MadeAt.UTC(),
	}
}
