package payment_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/products/payment"
)

func TestASealedIntentIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), true, batch.Options{})
	full := payment.Intent{
		ID: "intn_1", Payer: "cust_1", PayerAccount: "acct_1", Payee: "cust_2", PayeeAccount: "acct_2", Amount: yuan(1_234_56), Fee: yuan(7),
		Arrival: payment.NextDay, PayerView: payment.View{Name: "王小明", Number: "6217 **** 0001", Own: "6217 **** 0002", Memo: "a\x00\n\"b"},
		PayeeView: payment.View{Name: "*明", Number: "1", Own: "2", Memo: "午饭"}, NewPayee: true, NeverPaid: true, Session: "sess_1", Device: "devc_1",
		ExpiresAt: time.Date(2026, 11, 22, 3, 4, 5, 6000, time.UTC),
	}
	least := payment.Intent{ID: "intn_2", Amount: yuan(1), Fee: yuan(0), ExpiresAt: full.ExpiresAt}
	for name, i := range map[string]payment.Intent{"with all fields": full, "with few": least} {
		got, err := b.Open(b.SealIntent(i))
		if err != nil || !reflect.DeepEqual(got, i) {
			t.Errorf("%s: %+v, not %+v: %v", name, got, i, err)
		}
	}
	for name, packed := range map[string]string{"empty": "", "of another form": `{"id":"intn_1"}`, "cut off": "\x06intn_1\x05cus"} {
		if got, err := b.Open(b.ring.SealToken(crypto.Intent, []byte(packed), "payment.send/2")); err == nil {
			t.Errorf("an intent that is %s is read as %+v", name, got)
		}
	}
}
