package ledger_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/records/ledger"
)

// BenchmarkPost books transfers between 10,000 accounts, durably, and reports transfers/s.
func BenchmarkPost(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{
		"sqlite":   sqliteFile,
		"postgres": dbtest.Postgres,
	} {
		for _, size := range []int{1, 256} {
			b.Run(name+"/"+map[int]string{1: "single", 256: "batch_of_256"}[size], func(b *testing.B) {
				benchmarkPost(b, address(b), size, 10_000)
			})
			b.Run(name+"/"+map[int]string{1: "hot_single", 256: "hot_batch_of_256"}[size], func(b *testing.B) {
				benchmarkPost(b, address(b), size, 2)
			})
		}
	}
}

func benchmarkPost(b *testing.B, address string, size, accounts int) {
	d, err := db.Open(b.Context(), address, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(d.Close)
	if err := d.Migrate(b.Context(), tables()...); err != nil {
		b.Fatal(err)
	}
	k := newBank(b, d)
	all := names(accounts)
	for at := 0; at < len(all); at += 1000 {
		part := all[at:min(at+1000, len(all))]
		k.open(branch, part...)
		var funding []ledger.Journal
		for _, a := range part {
			funding = append(funding, transfer(cash(), a, 1_000_000))
		}
		k.post(funding...)
	}
	next := uint64(1)
	random := func() int { // xorshift: the same transfers in each run
		next ^= next << 13
		next ^= next >> 7
		next ^= next << 17
		return int(next % uint64(accounts))
	}
	b.ResetTimer()
	transfers := 0
	for b.Loop() {
		journals := make([]ledger.Journal, size)
		for i := range journals {
			from := random()
			journals[i] = transfer(all[from], all[(from+1+random()%(accounts-1))%accounts], 1)
		}
		for _, o := range k.post(journals...) {
			if o.Err != nil {
				b.Fatal(o.Err)
			}
		}
		transfers += size
	}
	b.ReportMetric(float64(transfers)/b.Elapsed().Seconds(), "transfers/s")
}
