package payment_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

// export reads what rooms keep about a person, as the file in his copy says it.
func (b *bank) export(room customer.Exporter, who id.Customer) string {
	b.Helper()
	var text []byte
	b.must(b.d.Read(b.Context(), func(tx *db.Tx) error {
		_, data, err := room.Export(b.Context(), tx, who)
		if err != nil {
			return err
		}
		text, err = json.Marshal(data)
		return err
	}))
	return string(text)
}

func TestACopyOfDataHasTheOwnersAndMasksOthers(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(50_00, 2)
		d := draft(li, wang, 0, 12_50, payment.RealTime)
		d.Memo = "午饭"
		b.paid(li, d)
		b.paid(li, draft(li, wang, 0, 3_00, payment.NextDay))
		b.paid(wang, draft(wang, li, 0, 1_00, payment.RealTime))
		_, err := b.AddPayee(t.Context(), li.by, payment.PayeeRef{Number: wang.numbers[0]}, "小王")
		b.must(err)
		_, err = b.Receiving(t.Context(), li.by)
		b.must(err)

		says(t, b.export(b.Service, li.id), []string{`"amount":"12.50"`, `"memo":"午饭"`, `"state":"delayed"`, `"nickname":"小王"`, `"discoverable":true`, `"direction":"in"`},
			[]string{wang.numbers[0], `王小明`})
		says(t, b.export(b.Service, wang.id), []string{`"amount":"12.50"`, `"memo":"午饭"`, `"payees":[]`}, []string{`"state":"delayed"`, "小王"})
		says(t, b.export(b.deposits, li.id), []string{li.numbers[0], `"class":"I"`, `"booked":"88.50"`}, []string{wang.numbers[0]})

		// Erasing takes what is not sealed; the other party keeps his side.
		b.write(func(tx *db.Tx) error {
			for _, room := range []customer.Exporter{b.Service, b.deposits} {
				if err := room.Erase(t.Context(), tx, li.id); err != nil {
					return err
				}
			}
			return b.vault.Destroy(t.Context(), tx, string(li.id))
		})
		for _, q := range []string{
			`SELECT count(*) FROM payment_payee WHERE customer = $1`, `SELECT count(*) FROM payment_relation WHERE customer = $1`,
			`SELECT count(*) FROM payment_receiving WHERE customer = $1`, `SELECT count(*) FROM deposit_usage WHERE subject = $1`,
			`SELECT count(*) FROM payment_transfer WHERE payer = $1 AND (session <> '' OR payer_view IS NOT NULL)`,
			`SELECT count(*) FROM deposit_account WHERE customer = $1 AND tail <> ''`,
		} {
			if n := b.count(q, li.id); n != 0 {
				t.Errorf("%d of %s", n, q)
			}
		}
		_, err = b.Resolve(t.Context(), wang.by, payment.PayeeRef{Number: li.numbers[0]})
		refused(t, err, payment.ErrPayee)
		says(t, b.export(b.Service, wang.id), []string{`"amount":"12.50"`, `"memo":"午饭"`}, nil)
		b.verify()
	})
}

func TestAPayeeIsFoundByWhatThePayerKnows(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		spaced := wang.numbers[0][:4] + " " + wang.numbers[0][4:]
		way, err := b.Receiving(t.Context(), wang.by)
		b.must(err)
		kept, err := b.AddPayee(t.Context(), li.by, payment.PayeeRef{Number: wang.numbers[0]}, "")
		b.must(err)
		for name, ref := range map[string]payment.PayeeRef{
			"by number": {Number: spaced}, "by number and name": {Number: spaced, Name: "王小明"}, "by QR": {Code: way.Address}, "by his book": {Payee: kept.ID},
		} {
			r, err := b.Resolve(t.Context(), li.by, ref)
			if b.must(err); r.Account.ID != wang.accounts[0].ID || strings.Contains(r.Name, "小") || r.Number == wang.numbers[0] {
				t.Errorf("%s: %+v", name, r)
			}
		}
		for name, tc := range map[string]struct {
			by   *holder
			ref  payment.PayeeRef
			want *fault.Error
		}{
			"nothing":             {li, payment.PayeeRef{}, payment.ErrPayee},
			"another's book":      {wang, payment.PayeeRef{Payee: kept.ID}, payment.ErrPayee},
			"a QR of nobody":      {li, payment.PayeeRef{Code: "https://bank.example/pay/nobody"}, payment.ErrPayee},
			"a name that differs": {li, payment.PayeeRef{Number: spaced, Name: "王大明"}, payment.ErrPayeeName},
			"a phone of nobody":   {li, payment.PayeeRef{Phone: "13800000000"}, payment.ErrPayee},
		} {
			if _, err := b.Resolve(t.Context(), tc.by.by, tc.ref); err == nil {
				t.Errorf("%s is found", name)
			} else {
				refused(t, err, tc.want)
			}
		}
		_, err = b.AddPayee(t.Context(), li.by, payment.PayeeRef{Number: wang.numbers[0]}, "")
		refused(t, err, payment.ErrPayeeExists)

		// Ten look-ups by phone an hour, found or not.
		for range 9 {
			_, err = b.Resolve(t.Context(), li.by, payment.PayeeRef{Phone: "13800000000"})
			refused(t, err, payment.ErrPayee)
		}
		_, err = b.Resolve(t.Context(), li.by, payment.PayeeRef{Phone: "13800000000"})
		refused(t, err, payment.ErrLookups)
	})
}
