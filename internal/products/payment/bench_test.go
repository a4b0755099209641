package payment_test

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	benchHolders = 300
	inFlight     = 512
)

// BenchmarkSend is the whole transfer act through the service: keys, PIN, limits, screening, books, transfer, audit
// record, event, all durable, with 512 senders. Run it with -benchtime=20000x.
func BenchmarkSend(t *testing.B) {
	for name, address := range map[string]func(t testing.TB) string{
		"sqlite": func(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "bank.db") }, "postgres": dbtest.Postgres,
	} {
		t.Run(name+"/batches", func(t *testing.B) { benchmarkSend(t, address(t), batch.Options{}, false) })
		t.Run(name+"/one payee", func(t *testing.B) { benchmarkSend(t, address(t), batch.Options{}, true) })
		t.Run(name+"/one by one", func(t *testing.B) { benchmarkSend(t, address(t), batch.Options{Size: 1}, false) })
	}
}

func benchmarkSend(t *testing.B, address string, o batch.Options, hot bool) {
	b := newBank(t, address, false, o)
	holders := make([]*holder, benchHolders)
	for i := range holders {
		holders[i] = b.holder(1_000_000_00, 1)
		holders[i].by.Channel = act.Branch // the app's pace is screened
	}
	orders := make([]payment.Sent, t.N)
	for i := range orders {
		from, to := holders[i%benchHolders], holders[(i*7+1+i%benchHolders)%benchHolders]
		if hot {
			to = holders[0]
		}
		if from == to {
			from = holders[(i+1)%benchHolders]
		}
		orders[i] = payment.Sent{By: from.by, Order: b.orderOf(from, to, 1_00)}
	}
	var next, failed atomic.Int64
	var wg sync.WaitGroup
	t.ResetTimer()
	for range inFlight {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(t.N); i = next.Add(1) - 1 {
				if _, err := b.Send(t.Context(), orders[i].By, orders[i].Order); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.StopTimer()
	t.ReportMetric(float64(t.N)/t.Elapsed().Seconds(), "transfers/s")
	if failed.Load() > 0 {
		t.Errorf("%d failed", failed.Load())
	}
	b.verify()
}

// orderOf makes an order without a check, whose time is not what is measured.
func (b *bank) orderOf(from, to *holder, minor int64) payment.Order {
	view := payment.View{Name: "王小明", Number: "6217 **** **** 0001", Own: "6217 **** **** 0002", Memo: "午饭"}
	intent := b.SealIntent(payment.Intent{
		ID: id.New[id.Intent](b.clock.Now()), Payer: from.id, PayerAccount: from.accounts[0].ID, Payee: to.id, PayeeAccount: to.accounts[0].ID,
		Amount: yuan(minor), Fee: yuan(0), Arrival: payment.RealTime, PayerView: view, PayeeView: view, Session: from.by.Session,
		ExpiresAt: b.clock.Now().AddDate(1, 0, 0),
	})
	return payment.Order{Key: b.key(), Intent: intent, Proof: byPIN(pin)}
}
