package ledger_test

import (
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

func TestAFilledHistoryIsOneWhoseBooksHold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, tables(), func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		accounts := []string{"acct_1", "acct_2", "acct_3", "acct_4"}
		b.open(branch, accounts...)
		b.fund(10_00, accounts...)
		pairs := []ledger.Pair{{A: "acct_1", B: "acct_2"}, {A: "acct_3", B: "acct_4"}}
		for range 2 {
			b.write(func(tx *db.Tx) error { return b.books.Fill(t.Context(), tx, teller, pairs, 50) })
			time.Sleep(time.Microsecond)
		}
		b.post(transfer("acct_1", "acct_2", 1_00))
		b.verify()
		b.want("acct_1", 9_00, 0, 0)
		report, err := b.books.Verify(t.Context(), ledger.Options{})
		if err != nil || report.Entries < 2*(2*2*50)+2 {
			t.Errorf("%+v, %v", report, err)
		}
		b.read(func(tx *db.Tx) error {
			page, err := b.books.History(t.Context(), tx, ledger.HistoryQuery{Account: "acct_2", Limit: 3})
			if err == nil && (page[0].Number != 102 || page[1].Number != 101 || page[1].After != yuan(10_00) || page[1].Side != ledger.Debit) {
				t.Errorf("page: %+v", page)
			}
			return err
		})
		for name, bad := range map[string]struct {
			pairs  []ledger.Pair
			rounds int64
		}{"an odd number": {pairs, 3}, "none": {pairs, 0}, "one account twice": {[]ledger.Pair{{A: "acct_1", B: "acct_1"}}, 2}, "a stranger": {[]ledger.Pair{{A: "acct_1", B: "acct_9"}}, 2}} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return b.books.Fill(t.Context(), tx, teller, bad.pairs, bad.rounds) })
			if err == nil {
				t.Errorf("%s is filled", name)
			}
		}
		b.verify()
	})
}
