package app_test

import (
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/money"
)

// paid is a payment with a memo.
func paid(from, to *apptest.Person, yuan, memo string) apptest.Answer {
	checked := from.Post("/transfers/check", apptest.Change(from.Draft(to, yuan), "memo", memo))
	return from.Send(checked).Is(http.StatusCreated)
}

func endOfMarch() apptest.Options {
	return apptest.Options{Now: time.Date(2025, time.March, 29, 2, 0, 0, 0, time.UTC)}
}

// customersHold is what the general ledger says that the bank owes its customers at the end of a day.
func customersHold(t *testing.T, b *apptest.Bank, on clock.Date) int64 {
	t.Helper()
	var sum int64
	err := b.DB.Read(t.Context(), func(tx *db.Tx) error {
		totals, err := b.Ledger.TrialBalance(t.Context(), tx, on)
		for _, x := range totals {
			if x.Heading.Kind == ledger.Guarded {
				sum += x.Balance().Minor()
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func minorOf(t *testing.T, yuan string) int64 {
	t.Helper()
	a, err := money.Parse(yuan, money.CNY)
	if err != nil {
		t.Fatal(err)
	}
	return a.Minor()
}

func TestMonthlyStatementsAreTheLedgersToTheFen(t *testing.T) {
	t.Parallel()
	apptest.Each(t, endOfMarch(), func(t *testing.T, b *apptest.Bank) {
		li, wang, idle := b.NewPerson(apptest.Has("60000.00")), b.NewPerson(apptest.Has("200.00")), b.NewPerson()
		nobody := b.NewPerson(apptest.NoAccount())
		paid(li, wang, "123.45", "=午餐")
		paid(wang, li, "0.07", "还你的")
		save(li, map[string]any{"act": "open", "productCode": "term_1y", "accountId": li.Account, "amount": cny("10000.00"), "rollover": "all"}).Is(http.StatusCreated)
		save(li, map[string]any{"act": "open", "productCode": "pot_1", "accountId": li.Account, "amount": cny("500.00"),
			"goal": map[string]any{"name": "自行车", "target": cny("2000.00"), "roundTo": cny("10.00")}}).Is(http.StatusCreated)
		paid(li, wang, "18.50", "咖啡")
		b.Drain()
		if made, err := b.Insight.Statements(t.Context()); err != nil || made != 0 {
			t.Errorf("before the month is locked: %d, %v", made, err)
		}
		nights(t, b, 4) // 2 April: March is locked
		for _, p := range []*apptest.Person{li, wang, idle, nobody} {
			p.SignIn()
		}
		paid(li, wang, "1.00", "April")
		march := insight.Month{Year: 2025, Month: time.March}
		if did, err := b.Insight.Make(t.Context(), wang.Customer, march); err != nil || !did {
			t.Fatalf("one alone: %t, %v", did, err)
		}
		for run, want := range []int{2, 0} { // li and idle: wang has his; a second run has nothing to do
			if made, err := b.Insight.Statements(t.Context()); err != nil || made != want {
				t.Errorf("run %d made %d statements (%v), want %d", run, made, err, want)
			}
		}
		b.Drain()
		var sum int64
		for _, p := range []*apptest.Person{li, wang, idle} {
			list := p.Get("/insight/statements").Is(http.StatusOK).Has(`"month":"2025-03"`).Hasnt(`"month":"2025-04"`)
			sum += minorOf(t, list.At("items.0.totals.0.closing.amount"))
			if p != nobody {
				p.Get("/messages").Is(http.StatusOK).Has("insight.statement")
			}
		}
		if want := customersHold(t, b, march.Last()); sum != want || want == 0 {
			t.Errorf("statements close at %d fen in all, the general ledger has %d", sum, want)
		}
		nobody.Get("/insight/statements").Is(http.StatusOK).Has(`"items":[]`)
		papersOf(t, b, li)
		b.Verify()
	})
}

// papersOf looks at the papers of a statement.
func papersOf(t *testing.T, b *apptest.Bank, li *apptest.Person) {
	t.Helper()
	list := li.Get("/insight/statements").Is(http.StatusOK).Has(
		`"opening":{"amount":"0.00"`, `"closing":{"amount":"59858.12"`, `"in":{"amount":"60000.07"`, `"out":{"amount":"141.95"`)
	at := "/insight/statements/" + list.At("items.0.id") + "/statement"
	paper := li.Get(at + ".pdf").Is(http.StatusOK).Body
	if _, _, err := pdf.Signature([]byte(paper)); err != nil {
		t.Errorf("signature: %v", err)
	}
	if folder := os.Getenv("TONGBAO_PAPERS"); folder != "" { // to look at
		_ = os.WriteFile(filepath.Join(folder, "statement.pdf"), []byte(paper), 0o600)
	}
	if text, ok := paperText(t, paper); ok {
		for _, want := range []string{li.Name, li.Number, "59,858.12", "49,356.62", "10,000.00", "501.50", "-123.45", "1.50", "2026-03-29"} {
			if !strings.Contains(text, want) {
				t.Errorf("the paper lacks %s:\n%s", want, text)
			}
		}
	}
	table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(li.Get(at+".csv").Is(http.StatusOK).Body, "\ufeff"))).ReadAll()
	if err != nil || len(table) != 1+(2+7)+(2+1)+(2+2) {
		t.Errorf("%d rows, %v: %v", len(table), err, table)
	}
	if !strings.Contains(li.Get(at+".csv").Body, "'=午餐") {
		t.Error("a memo could run in a spreadsheet")
	}
	camt := li.Get(at + ".xml").Is(http.StatusOK).Body
	for _, want := range []string{"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08", "<Cd>CLBD</Cd>", "49356.62", "DBIT", li.Number} {
		if !strings.Contains(camt, want) {
			t.Errorf("camt.053 lacks %s", want)
		}
	}
	one := li.Get("/accounts/" + string(li.Account) + "/statement.xml?from=2025-03-01&to=2025-04-02").Is(http.StatusOK).Body
	if !strings.Contains(one, "<Cd>CLAV</Cd>") || strings.Contains(camt, "CLAV") {
		t.Error("what is available is told today and not of a past month")
	}
	validCamt(t, camt, one)
	stranger := b.NewPerson()
	for _, form := range []string{".pdf", ".csv", ".xml"} {
		stranger.Get(at+form).Refused(http.StatusNotFound, "insight.statement_not_found")
		li.Get("/insight/statements/stmt_1/statement"+form).Refused(http.StatusBadRequest, "id.bad")
	}
	stranger.Get("/insight/statements").Is(http.StatusOK).Has(`"items":[]`)
	stranger.Get("/accounts/"+string(li.Account)+"/statement.xml?from=2025-03-01&to=2025-03-31").Refused(http.StatusNotFound, "deposit.account_not_found")
	code := list.At("items.0.verifyUrl")
	code = code[strings.LastIndex(code, "/")+1:]
	c, err := b.Insight.Public(t.Context(), code)
	if err != nil || c.Holder != apptest.Mask(li.Name) || len(c.Totals) != 1 || c.Totals[0].Closing.String() != "59858.12" {
		t.Errorf("public page: %+v, %v", c, err)
	}
	publicPage(t, b, code, apptest.Mask(li.Name))
	if _, err := b.Insight.Public(t.Context(), code+"x"); err == nil {
		t.Error("a code that nobody was given opens something")
	}
	b.Time.Advance(731 * 24 * time.Hour)
	if _, err := b.Insight.Public(t.Context(), code); err == nil {
		t.Error("a link answers for ever")
	}
}

// publicPage opens the page that a paper's code leads to.
func publicPage(t *testing.T, b *apptest.Bank, code, holder string) {
	t.Helper()
	for path, want := range map[string]string{"/s/" + code: holder, "/s/" + code + "?lang=en": "59,858.12", "/s/nothing": ""} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || (want == "") != (res.StatusCode == http.StatusNotFound) || !strings.Contains(string(text), want) || strings.Contains(string(text), "{{") {
			t.Errorf("%s: %d %v\n%s", path, res.StatusCode, err, text)
		}
	}
}

// validCamt holds messages against the published schema, where both are on this machine.
func validCamt(t *testing.T, all ...string) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Log("xmllint is not on this machine (libxml2-utils): camt.053 was not held against its schema")
		return
	}
	schema := filepath.Join("..", "..", "..", "shared", "data", "payments", "iso20022", "xsd", "camt.053.001.08.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Log("the schema of camt.053 is not on this machine")
		return
	}
	for _, text := range all {
		file := filepath.Join(t.TempDir(), "statement.xml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "xmllint", "--noout", "--nonet", "--schema", schema, file).CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, text)
		}
	}
}

// paperText is what can be copied from a paper.
func paperText(t *testing.T, paper string) (string, bool) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		return "", false
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, []byte(paper), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out), true
}

func TestAPersonSeesWhereMoneyGoesAndSaysItBetter(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, shop, boss := b.NewPerson(apptest.Has("1000.00")), b.NewPerson(), b.NewPerson(apptest.Has("9000.00"))
		paid(boss, li, "8000.00", "三月工资")
		paid(li, shop, "30.00", "午餐")
		paid(li, shop, "12.50", "coffee for my parents")
		paid(li, shop, "7.50", "")
		paid(li, boss, "100.00", "rent")
		save(li, map[string]any{"act": "open", "productCode": "term_1y", "accountId": li.Account, "amount": cny("500.00")}).Is(http.StatusCreated)
		second, number := li.Open(2)
		own := *li
		own.Account, own.Number = second, number
		paid(li, &own, "200.00", "午餐") // between own accounts, whatever is said
		month := "/insight/analysis?month=2025-03"
		li.Get(month).Is(http.StatusOK).Has(`"out":{"sum":{"amount":"150.00"`, `"category":"dining","name":"Eating out"`, `{"amount":"42.50"`, `"category":"housing"`,
			`"category":"salary"`, `"category":"other_out"`, `"like":"`).Hasnt(`"500.00"`, `"200.00"`, shop.Name, string(shop.Customer))
		moves := li.Get("/insight/moves?month=2025-03&category=other_out").Is(http.StatusOK).Has(`"7.50"`).Hasnt(`"30.00"`)
		plain := moves.At("items.0.transaction.id")
		put := func(who *apptest.Person, transaction, category string, always bool) apptest.Answer {
			return who.Do(http.MethodPut, "/transactions/"+transaction+"/category", map[string]any{"category": category, "always": always})
		}
		put(li, plain, "shopping", false).Is(http.StatusOK).Has(`"category":"shopping"`, `"corrected":"one"`)
		li.Get(month).Has(`"category":"shopping"`).Hasnt(`"category":"other_out"`)
		put(li, plain, "leisure", true).Is(http.StatusOK).Has(`"corrected":"payee"`)
		li.Get("/insight/moves?month=2025-03&category=leisure&limit=2").Is(http.StatusOK).Has(`"next":"`).Hasnt(`"30.00"`)
		if all := everyMove(t, li, "category=leisure"); len(all) != 3 {
			t.Errorf("with one payee: %v", all)
		}
		if all := everyMove(t, li, "like="+plain); len(all) != 3 {
			t.Errorf("like one: %v", all)
		}
		paid(li, shop, "1.00", "later") // always means later ones too
		if all := everyMove(t, li, "category=leisure"); len(all) != 4 {
			t.Errorf("with a later one: %v", all)
		}
		put(li, plain, "dining", false).Is(http.StatusOK)
		if all := everyMove(t, li, "category=leisure"); len(all) != 3 {
			t.Errorf("one is stronger than always: %v", all)
		}
		put(li, plain, "", true).Is(http.StatusOK)
		li.Get(month).Has(`"category":"other_out"`, `"category":"dining"`).Hasnt(`"category":"leisure"`)

		put(li, plain, "salary", false).Refused(http.StatusBadRequest, "insight.bad_category") // income is no spending
		put(li, plain, "weapons", false).Refused(http.StatusBadRequest, "insight.bad_category")
		put(shop, plain, "dining", false).Refused(http.StatusNotFound, "payment.transaction_not_found")
		saving := everyMove(t, li, "category=own")
		put(li, saving[0], "dining", false).Refused(http.StatusUnprocessableEntity, "insight.category_fixed")
		li.Get("/insight/analysis?month=2026-01").Refused(http.StatusBadRequest, "insight.bad_month")
		li.Get("/insight/moves?month=2025-03&cursor="+plain+"0").Refused(http.StatusBadRequest, "insight.bad_cursor")
		li.Get("/insight/moves?month=2025-03&category=weapons").Refused(http.StatusBadRequest, "insight.bad_category")
		li.Get("/transactions/"+plain+"/category").Is(http.StatusOK).Has(`"category":"other_out"`, `"fixed":false`)
		b.Verify()
	})
}

// everyMove pages through a list and gives the ids.
func everyMove(t *testing.T, p *apptest.Person, query string) []string {
	t.Helper()
	var all []string
	cursor := ""
	for range 20 {
		page := p.Get("/insight/moves?month=2025-03&limit=2&" + query + "&cursor=" + cursor).Is(http.StatusOK)
		for _, at := range []string{"items.0.transaction.id", "items.1.transaction.id"} {
			if id := page.At(at); id != "" {
				all = append(all, id)
			}
		}
		if cursor = page.At("next"); cursor == "" {
			return all
		}
	}
	t.Fatal("the list does not end")
	return nil
}

func TestABudgetSpeaksUpOnceAMonth(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, shop := b.NewPerson(apptest.Has("1000.00")), b.NewPerson()
		set := func(category, yuan string) apptest.Answer {
			return li.Do(http.MethodPut, "/insight/budgets/"+category, map[string]any{"amount": cny(yuan)})
		}
		told := func(want int, when string) {
			t.Helper()
			b.Drain()
			n, err := b.Insight.CompareBudgets(t.Context())
			if err != nil || n != want {
				t.Errorf("%s: told %d (%v), want %d", when, n, err, want)
			}
		}
		set("dining", "100.00").Is(http.StatusOK)
		set("total", "500.00").Is(http.StatusOK)
		told(0, "nothing spent")
		paid(li, shop, "79.99", "午餐")
		told(0, "just below near")
		paid(li, shop, "0.01", "午餐")
		told(1, "near")
		paid(li, shop, "1.00", "午餐")
		told(0, "near again")
		paid(li, shop, "19.00", "午餐")
		told(1, "full")
		paid(li, shop, "19.00", "午餐")
		told(0, "full again")
		li.Get("/insight/budgets").Is(http.StatusOK).Has(`"category":"total"`, `"spent":{"amount":"119.00"`, `"level":"full"`, `"percent":"119.0"`)
		b.Drain()
		li.Get("/messages").Is(http.StatusOK).Has("insight.budget_near", "insight.budget_full", "Eating out")
		set("dining", "120.00").Is(http.StatusOK)
		told(1, "another budget is near anew")
		nights(t, b, 28)
		li.SignIn()
		li.Get("/insight/budgets").Is(http.StatusOK).Has(`"spent":{"amount":"0.00"`)
		paid(li, shop, "120.00", "聚餐")
		told(1, "a month later")
		li.Do(http.MethodDelete, "/insight/budgets/dining", nil).Is(http.StatusNoContent)
		li.Get("/insight/budgets").Is(http.StatusOK).Hasnt("dining")
		shop.SignIn()
		shop.Get("/insight/budgets").Is(http.StatusOK).Has(`"items":[]`)
		for _, bad := range []string{"0.00", "-1.00"} {
			if a := set("dining", bad); a.Status != http.StatusBadRequest {
				t.Errorf("a budget of %s: %s", bad, a.Body)
			}
		}
		set("salary", "1.00").Refused(http.StatusBadRequest, "insight.bad_category")
		set("own", "1.00").Refused(http.StatusBadRequest, "insight.bad_category")
		b.Verify()
	})
}

func TestAYearLeadsFromOneBalanceToTheOther(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{Now: time.Date(2025, time.June, 10, 2, 0, 0, 0, time.UTC)}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("50000.00")), b.NewPerson()
		save(li, map[string]any{"act": "open", "productCode": "term_1y", "accountId": li.Account, "amount": cny("20000.00"), "rollover": "all"}).Is(http.StatusCreated)
		paid(li, wang, "100.00", "房租")
		nights(t, b, 14) // 24 June: interest was settled on the 21st
		li.SignIn()
		y := li.Get("/insight/years/2025").Is(http.StatusOK)
		interest := y.At("sums.0.interest.amount")
		if y.At("sums.0.opening.amount") != "0.00" || y.At("sums.0.out.sum.amount") != "100.00" || interest == "0.00" ||
			minorOf(t, y.At("sums.0.closing.amount")) != 5_000_000-10_000+minorOf(t, interest) {
			t.Errorf("a year: %s", y.Body)
		}
		paper := li.Get("/insight/years/2025/summary.pdf").Is(http.StatusOK).Body
		if _, _, err := pdf.Signature([]byte(paper)); err != nil {
			t.Error(err)
		}
		if folder := os.Getenv("TONGBAO_PAPERS"); folder != "" {
			_ = os.WriteFile(filepath.Join(folder, "year.pdf"), []byte(paper), 0o600)
		}
		if text, ok := paperText(t, paper); ok && (!strings.Contains(text, li.Name) || !strings.Contains(text, "20,000.00")) {
			t.Errorf("the paper: %s", text)
		}
		li.Get("/insight/years/2024").Is(http.StatusOK).Has(`"sums":[]`)
		li.Get("/insight/years/2026").Refused(http.StatusBadRequest, "insight.bad_month")
		li.Get("/insight/years/99999").Is(http.StatusBadRequest)
	})
}
