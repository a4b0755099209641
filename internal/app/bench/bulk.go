package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bulkMost is how many transfers the bank takes in one bulk payment.
const bulkMost = 100

var errBulk = errors.New("bench: bulk payments are sent over HTTP, with at most 100 transfers each")

// warmBulks are the bulk payments before the window.
const warmBulks = 40

// prepareBulks draws n lists, each of one payer's, and seals their intents, unless the window checks them itself.
func (w *world) prepareBulks(ctx context.Context, m window, n int) ([]*pair, error) {
	lists := make([]*pair, n)
	draw := w.draw()
	for i := range lists {
		from, to := draw()
		p := &pair{from: w.people[from], payees: make([]*person, 0, m.bulk), amount: money.New(1+w.chance.Int64N(amountsMost), money.CNY)}
		for len(p.payees) < m.bulk {
			if w.people[to] != p.from {
				p.payees = append(p.payees, w.people[to])
			}
			_, to = draw()
		}
		lists[i] = p
	}
	if m.check {
		return lists, nil
	}
	w.load.Progress(fmt.Sprintf("sealing %d lists of %d …", n, m.bulk))
	return lists, each(lists, func(p *pair) error {
		d := payment.BulkDraft{From: p.from.account, Arrival: payment.RealTime}
		for _, to := range p.payees {
			d.Lines = append(d.Lines, payment.BulkLine{To: payment.PayeeRef{Number: to.number}, Amount: p.amount})
		}
		c, err := w.bank.Payments.CheckBulk(ctx, p.from.by, d)
		if err == nil && len(c.Intent.Items) != len(p.payees) {
			err = errNotSettled
		}
		p.intent = c.Token
		return err
	})
}

type (
	bulkLineOut struct {
		Payee  map[string]string `json:"payee"`
		Amount moneyOut          `json:"amount"`
	}
	bulkDraftOut struct {
		FromAccountID string        `json:"fromAccountId"`
		Arrival       string        `json:"arrival"`
		Lines         []bulkLineOut `json:"lines"`
	}
)

// payBulk sends a checked list; each of its transfers must be settled.
func (c *connection) payBulk(p *pair) error {
	answer, err := c.post("/bulk-payments", p.from.token, orderOut{Intent: p.intent, Proof: proofOut{Method: "pin", PIN: secretPIN.Reveal()}})
	if err == nil && bytes.Count(answer, []byte(`"state":"settled"`)) != len(p.payees) {
		return errNotSettled
	}
	return err
}

func (c *connection) checkBulk(p *pair) error {
	d := bulkDraftOut{FromAccountID: string(p.from.account), Arrival: "real_time"}
	for _, to := range p.payees {
		d.Lines = append(d.Lines, bulkLineOut{map[string]string{"accountNumber": to.number}, moneyOut{p.amount.String(), p.amount.Currency().Code()}})
	}
	answer, err := c.post("/bulk-payments/check", p.from.token, d)
	if err != nil {
		return err
	}
	var checked struct{ Intent string }
	err = json.Unmarshal(answer, &checked)
	p.intent = checked.Intent
	return err
}
