package insight

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/oversight/insight/camt053"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// AccountCamt writes one of the caller's accounts in a period as camt.053 (ISO 20022), for companies and bookkeeping.
// What is available at the end is told when that is today. Errors: as payment.Statement.
func (s *Service) AccountCamt(ctx context.Context, by act.By, account id.Account, from, to clock.Date, l i18n.Locale) ([]byte, error) {
	var st payment.Statement
	var today clock.Date
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if today, err = s.Days.Current(ctx, tx); err != nil {
			return err
		}
		st, err = s.Payments.StatementOf(ctx, tx, by.Customer(), account, from, to)
		return err
	})
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now()
	one := s.camt(st, l)
	if st.To == today {
		available := st.Account.Balance.Available()
		one.Available = &available
	}
	out, err := writeCamt(at, []camt053.Statement{one})
	if err != nil {
		return nil, fmt.Errorf("statement of %s: %w", account, err)
	}
	return out, s.noteExport(ctx, by, "insight.take_camt", string(account), map[string]string{"from": st.From.String(), "to": st.To.String()})
}

// MonthCamt writes the current accounts of a kept statement as camt.053: its month is locked, so that the books say the
// same as the paper. Errors: ErrStatement, as payment.Statement.
func (s *Service) MonthCamt(ctx context.Context, by act.By, statement id.Statement, l i18n.Locale) (Kept, []byte, error) {
	var kept Kept
	var all []camt053.Statement
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		row, found, err := statementOf(ctx, tx, by.Customer(), statement)
		if err != nil {
			return fmt.Errorf("find statement: %w", err)
		}
		if !found {
			return ErrStatement
		}
		if kept, err = s.open(ctx, tx, row); err != nil {
			return err
		}
		holdings, err := s.Deposits.Holdings(ctx, tx, by.Customer())
		if err != nil {
			return err
		}
		all = nil
		for _, h := range holdings {
			if !s.lived(h, kept.Month.First(), kept.Month.Last()) {
				continue
			}
			st, err := s.Payments.StatementOf(ctx, tx, by.Customer(), h.ID, kept.Month.First(), kept.Month.Last())
			if err != nil {
				return err
			}
			all = append(all, s.camt(st, l))
		}
		return nil
	})
	if err != nil {
		return kept, nil, err
	}
	out, err := writeCamt(s.Clock.Now(), all)
	if err != nil {
		return kept, nil, fmt.Errorf("statement %s: %w", statement, err)
	}
	return kept, out, s.noteExport(ctx, by, "insight.take_statement", string(statement), map[string]string{"format": "camt.053"})
}

func writeCamt(at time.Time, all []camt053.Statement) ([]byte, error) {
	m := camt053.Message{ID: strings.ToUpper(id.Raw(at)), CreatedAt: at, Statements: all}
	for i := range m.Statements {
		m.Statements[i].ID = m.ID + "-" + strconv.Itoa(i+1)
	}
	var b bytes.Buffer
	err := camt053.Write(&b, m)
	return b.Bytes(), err
}

// camt is a statement as the message has it. Other parties stay masked, as on every screen.
func (s *Service) camt(st payment.Statement, l i18n.Locale) camt053.Statement {
	out := camt053.Statement{
		From: st.From, To: st.To, Zone: s.Days.Zone(), Account: st.Account.Number, Currency: st.Opening.Currency(), Name: st.Account.Nickname,
		Owner: st.Holder, Servicer: s.Papers.Bank, Opening: st.Opening, Closing: st.Closing,
	}
	for _, t := range st.Lines {
		out.Entries = append(out.Entries, camt053.Entry{
			Reference: strconv.FormatInt(t.Number, 10), Amount: t.Amount, Credit: t.Direction == payment.In, Reversal: t.Kind == payment.Reversal,
			BookedOn: t.BusinessDate, ValuedOn: t.ValueDate, ServicerRef: string(t.Journal), EndToEnd: string(t.Transfer), Code: codeOf(t),
			Party: t.Counterparty, PartyAccount: t.CounterpartyAccount, Remittance: t.Memo, Info: t.Title(s.Texts, l),
		})
	}
	return out
}

// codeOf is the bank transaction code of an entry (ISO 20022 external code sets, BankTransactionCode).
func codeOf(t payment.Transaction) camt053.Code {
	in := t.Direction == payment.In
	switch t.Kind {
	case payment.Interest:
		return camt053.Code{Domain: "ACMT", Family: either(in, "MCOP", "MDOP"), SubFamily: "INTR"}
	case payment.Fee:
		return camt053.Code{Domain: "ACMT", Family: either(in, "MCOP", "MDOP"), SubFamily: "CHRG"}
	case payment.CashIn, payment.CashOut:
		return camt053.Code{Domain: "PMNT", Family: "CNTR", SubFamily: either(in, "CDPT", "CWDL")}
	case payment.TransferIn, payment.TransferOut, payment.Reversal, payment.SavingIn, payment.SavingOut:
		return camt053.Code{Domain: "PMNT", Family: either(in, "RCDT", "ICDT"), SubFamily: "BOOK"}
	}
	return camt053.Code{Domain: "PMNT", Family: either(in, "MCOP", "MDOP"), SubFamily: "OTHR"}
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
