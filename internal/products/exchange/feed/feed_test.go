package feed_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/products/exchange/feed"
	"github.com/tongbao/tongbao/internal/values/money"
)

var wanted = []money.Currency{money.USD, money.EUR, money.JPY}

const document = `Date,USD,JPY,XXX,CNY,
2026-04-13,1.1684,186.75,N/A,7.9827,
2026-04-10,1.1711,N/A,1,8.0,
2026-04-09,1.17,180,1,N/A,
2026-04-08T09:30:00+08:00,1.17,180,1,8.1
`

func TestADocumentGivesRatesInYuanTheOldestFirst(t *testing.T) {
	t.Parallel()
	all, err := feed.Parse([]byte(document), wanted, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		c      money.Currency
		at     string
		middle string
	}{
		{money.USD, "2026-04-08T01:30:00Z", "6.92307692"}, {money.JPY, "2026-04-08T01:30:00Z", "0.0450"}, {money.EUR, "2026-04-08T01:30:00Z", "8.1000"},
		{money.USD, "2026-04-10T15:00:00Z", "6.83118436"}, {money.EUR, "2026-04-10T15:00:00Z", "8.0000"},
		{money.USD, "2026-04-13T15:00:00Z", "6.83216364"}, {money.JPY, "2026-04-13T15:00:00Z", "0.04274538"}, {money.EUR, "2026-04-13T15:00:00Z", "7.9827"},
	}
	if len(all) != len(want) {
		t.Fatalf("%+v", all)
	}
	for i, o := range all {
		if o.Currency != want[i].c || o.At.Format(time.RFC3339) != want[i].at || o.Middle.String() != want[i].middle {
			t.Errorf("%d: %s %s %s, want %+v", i, o.Currency, o.At.Format(time.RFC3339), o.Middle, want[i])
		}
	}
	late, err := feed.Parse([]byte(document), wanted, time.Date(2026, 4, 11, 0, 0, 0, 0, time.UTC))
	if err != nil || len(late) != 3 {
		t.Errorf("since the 11th: %+v, %v", late, err)
	}
}

func TestABrokenDocumentIsRefusedWhole(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":            "",
		"a page of errors":   "<html><body>busy</body></html>",
		"no yuan":            "Date,USD\n2026-04-13,1.1\n",
		"two columns of one": "Date,USD,USD,CNY\n2026-04-13,1.1,1.2,8\n",
		"no date":            "Date,USD,CNY\nyesterday,1.1,8\n",
		"a word":             "Date,USD,CNY\n2026-04-13,many,8\n",
		"less than nothing":  "Date,USD,CNY\n2026-04-13,-1.1,8\n",
		"a rate of nothing":  "Date,USD,CNY\n2026-04-13,1.1,0\n",
		"far too much":       "Date,USD,CNY\n2026-04-13,0.0001,8\n",
		"a torn quote":       "Date,USD,CNY\n\"2026-04-13,1.1,8\n",
	} {
		if all, err := feed.Parse([]byte(text), wanted, time.Time{}); err == nil {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(document))
	f.Add([]byte("Date,CNY\n2026-04-13,8\n"))
	f.Add([]byte("Date,USD,CNY\n2026-04-13,0.00000001,999999999.99999999\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := feed.Parse(text, wanted, time.Time{})
		if err != nil && len(all) > 0 {
			t.Fatal("rates beside an error")
		}
		for i, o := range all {
			if o.Middle <= 0 || o.Currency == money.CNY || i > 0 && o.At.Before(all[i-1].At) {
				t.Fatalf("%+v", o)
			}
		}
	})
}

func TestFilesAndAddressesTellTheSame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rates.csv")
	if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	busy := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if busy {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write([]byte(document))
	}))
	defer server.Close()
	address, err := feed.Address(server.URL + "/rates.csv")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 4, 14, 0, 0, 0, 0, time.UTC)
	for _, source := range []exchange.Source{feed.File(path), address} {
		if all, err := source.Rates(t.Context(), now, wanted); err != nil || len(all) != 8 {
			t.Errorf("%s: %d, %v", source.Name(), len(all), err)
		}
	}
	busy = true
	if _, err := address.Rates(t.Context(), now, wanted); err == nil {
		t.Error("a server that is busy told rates")
	}
	if _, err := feed.File(path+"x").Rates(t.Context(), now, wanted); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := feed.Address("http://bank.example/rates"); err == nil {
		t.Error("rates over an open line")
	}
}

// The central bank's own file, 1999 to 2026: every line is read, and rates move as they did.
func TestTheCentralBanksHistoryIsRead(t *testing.T) {
	t.Parallel()
	text := shared(t, "market/fx/eurofxref-hist.csv")
	all, err := feed.Parse(text, []money.Currency{money.USD, money.EUR, money.JPY, money.HKD, money.GBP}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	last := make(map[money.Currency]exchange.Observed)
	days := make(map[money.Currency]int)
	for _, o := range all {
		if before, known := last[o.Currency]; known && (o.Middle > before.Middle*11/10 || o.Middle < before.Middle*9/10) {
			t.Errorf("%s moved from %s to %s on %s", o.Currency, before.Middle, o.Middle, o.At)
		}
		last[o.Currency], days[o.Currency] = o, days[o.Currency]+1
	}
	t.Logf("days read: %v", days)
	for c, least := range map[money.Currency]int{money.USD: 5000, money.EUR: 5000, money.JPY: 5000, money.HKD: 5000, money.GBP: 5000} {
		if days[c] < least {
			t.Errorf("%s has %d days", c, days[c])
		}
	}
	if got := last[money.USD].Middle.String(); got != "6.83216364" {
		t.Errorf("the last dollar is %s", got)
	}
}

func shared(t *testing.T, path string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			text, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", path))
			if err != nil {
				t.Skipf("shared data is absent: %v", err)
			}
			return text
		}
		dir = filepath.Dir(dir)
	}
	t.Skip("no go.mod above: shared data cannot be found")
	return nil
}
