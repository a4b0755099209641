package mobile

import (
	"fmt"
	"net/http"
	"time"

	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// ruleStatements is how many statements an address may check in an hour.
const ruleStatements = "insight.statement.hourly_address_count"

// showStatement shows anyone who holds the paper of a monthly statement what it sums up: no entry, no account number.
func (p *receiptPage) showStatement(w http.ResponseWriter, req *http.Request) {
	p.answer(w, req, paperOfStatement, ruleStatements, func(view *receiptView) error {
		c, err := p.Insight.Public(req.Context(), req.PathValue("code"))
		if err == nil {
			view.fillStatement(c, p.Days.Zone())
		}
		return err
	})
}

func (v *receiptView) fillStatement(c insight.Confirmation, zone *time.Location) {
	v.Bank, v.Number = c.Bank, c.Number
	line := func(key, value string) {
		v.Facts = append(v.Facts, receiptFact{Label: v.text(key, nil), Value: value})
	}
	line("insight.paper.month", c.Month.String())
	line("payment.statement.holder", c.Holder)
	line("insight.paper.number", c.Number)
	for _, t := range c.Totals {
		amount := func(key, decimal string) {
			label := v.text(key, nil)
			if len(c.Totals) > 1 {
				label = fmt.Sprintf("%s (%s)", label, t.Currency.Code())
			}
			v.Facts = append(v.Facts, receiptFact{Label: label, Value: i18n.Amount(v.Locale, decimal, t.Currency.Code())})
		}
		amount("payment.statement.opening", t.Opening.String())
		amount("insight.paper.in", t.In.String())
		amount("insight.paper.out", t.Out.String())
		amount("payment.statement.closing", t.Closing.String())
	}
	line("page.statement.made", c.MadeAt.In(zone).Format(pageTime))
}
