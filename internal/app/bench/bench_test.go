package bench_test

import (
	"os"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/bench"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
)

func TestABenchPaysAndItsBooksHold(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]bench.Load{
		"random, by the service": {Shape: bench.Random, Via: bench.ViaService},
		"hot, over HTTP":         {Shape: bench.Hot, Via: bench.ViaHTTP},
		"lists, over HTTP":       {Shape: bench.Random, Via: bench.ViaHTTP, Bulk: 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l.Database, l.Customers, l.Concurrency, l.Time = "sqlite", 12, 20, 50*time.Millisecond
			r, err := bench.Transfers(t.Context(), l)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Verified || r.Transfers == 0 || r.TransfersPerSecond <= 0 || r.ReferencePerSecond <= 0 || r.Refused != 0 || r.Journals < r.Transfers {
				t.Errorf("%+v", r)
			}
			if r.P50Ms <= 0 || r.P50Ms > r.P99Ms || r.P99Ms > r.MaxMs {
				t.Errorf("latencies are out of order: %+v", r)
			}
			if (l.Via == bench.ViaHTTP) != (r.CheckAndSendPerSecond > 0) {
				t.Errorf("check and send together: %f/s", r.CheckAndSendPerSecond)
			}
		})
	}
}

func TestAHistoryIsReadAndGrows(t *testing.T) {
	t.Parallel()
	l := bench.Load{Database: "sqlite", Customers: 10, Concurrency: 4, Time: 50 * time.Millisecond}
	reads, err := bench.Reads(t.Context(), l, 100)
	if err != nil {
		t.Fatal(err)
	}
	if !reads.Verified || reads.Home.PerSecond <= 0 || reads.History.PerSecond <= 0 {
		t.Errorf("%+v", reads)
	}
	l.Shape, l.Via = bench.Zipf, bench.ViaService
	growth, err := bench.Growth(t.Context(), l, []int64{0, 100})
	if err != nil {
		t.Fatal(err)
	}
	if len(growth.Stages) != 2 || !growth.Verified || growth.Stages[1].TransfersPerSecond <= 0 {
		t.Errorf("%+v", growth)
	}
}

func TestABenchRefusesADatabaseThatDoesNotWaitForItsDisk(t *testing.T) {
	t.Parallel()
	server := os.Getenv(dbtest.Variable)
	if server == "" {
		t.Skipf("no PostgreSQL: %s is not set", dbtest.Variable)
	}
	d, err := db.Open(t.Context(), server, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	f, err := d.Facts(t.Context())
	if err != nil || f.Durable {
		t.Skipf("this server is durable: %s %v", f.Settings, err)
	}
	l := bench.Load{Database: server, Customers: 10, Concurrency: 1, Time: time.Millisecond, Shape: bench.Random, Via: bench.ViaService}
	if r, err := bench.Transfers(t.Context(), l); err == nil {
		t.Errorf("measured on %s", r.Settings)
	}
}

func TestABenchRefusesALoadThatIsNone(t *testing.T) {
	t.Parallel()
	good := bench.Load{Database: "sqlite", Customers: 10, Concurrency: 1, Time: time.Second, Shape: bench.Random, Via: bench.ViaService}
	for name, change := range map[string]func(*bench.Load){
		"without people":    func(l *bench.Load) { l.Customers = 1 },
		"without callers":   func(l *bench.Load) { l.Concurrency = 0 },
		"without end":       func(l *bench.Load) { l.Time = time.Hour },
		"of no known shape": func(l *bench.Load) { l.Shape = "square" },
		"by no known way":   func(l *bench.Load) { l.Via = "post" },
	} {
		l := good
		change(&l)
		if _, err := bench.Transfers(t.Context(), l); err == nil {
			t.Errorf("a load %s is taken", name)
		}
	}
}
