package payment_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestAStatementLeadsFromOneBalanceToTheOther(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		account := wang.accounts[0]
		b.pay(account, li.accounts[0], 1000, "September")
		b.to("2026-10-01")
		b.pay(account, li.accounts[0], 2000, "first of October")
		b.payWithFee(account, li.accounts[0], 3000, 50, "second")
		b.pay(li.accounts[0], account, 700, "back")
		b.to("2026-11-01")
		b.pay(account, li.accounts[0], 4000, "November")

		st, err := b.Statement(t.Context(), wang.by(), account, b.date("2026-10-01"), b.date("2026-10-31"))
		b.must(err)
		if st.Opening != yuan(999_000) || st.Closing != yuan(994_650) || st.In != (payment.Sum{Amount: yuan(700), Count: 1}) ||
			st.Out != (payment.Sum{Amount: yuan(5050), Count: 3}) || st.Holder != "王小明" || len(st.Lines) != 4 || st.Lines[0].Memo != "first of October" {
			t.Errorf("got %+v", st)
		}
		empty, err := b.Statement(t.Context(), wang.by(), account, b.date("2026-10-02"), b.date("2026-10-31"))
		if b.must(err); len(empty.Lines) != 0 || empty.Opening != empty.Closing || empty.Closing != yuan(994_650) {
			t.Errorf("without transactions: %+v", empty)
		}
		before, err := b.Statement(t.Context(), wang.by(), account, b.date("2026-01-01"), b.date("2026-01-31"))
		if b.must(err); !before.Opening.IsZero() || !before.Closing.IsZero() {
			t.Errorf("before the account was opened: %+v", before)
		}
		year, err := b.Statement(t.Context(), wang.by(), account, clock.Date{}, clock.Date{})
		if b.must(err); year.From != b.date("2025-12-01") || year.To != b.date("2026-11-01") || len(year.Lines) != 7 {
			t.Errorf("without dates: %s to %s, %d lines", year.From, year.To, len(year.Lines))
		}
	})
}

func TestImpossiblePeriodsAreRefused(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		for name, tc := range map[string]struct {
			account  id.Account
			from, to string
			want     error
		}{
			"the wrong way round": {wang.accounts[0], "2026-09-10", "2026-09-09", payment.ErrPeriod},
			"in the future":       {wang.accounts[0], "2026-09-01", "2026-09-11", payment.ErrPeriod},
			"more than a year":    {wang.accounts[0], "2025-09-10", "2026-09-10", payment.ErrPeriod},
			"another's account":   {li.accounts[0], "2026-09-01", "2026-09-10", deposit.ErrNotFound},
			"no account":          {"", "2026-09-01", "2026-09-10", deposit.ErrNotFound},
		} {
			_, err := b.StatementPDF(t.Context(), wang.by(), tc.account, b.date(tc.from), b.date(tc.to), i18n.En)
			if !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
		if _, err := b.Statement(t.Context(), wang.by(), wang.accounts[0], b.date("2025-09-11"), b.date("2026-09-10")); err != nil {
			t.Errorf("exactly a year: %v", err)
		}
		b.pay(wang.accounts[0], li.accounts[0], 1, "")
		b.pay(wang.accounts[0], li.accounts[0], 1, "")
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			return b.rules.Add(t.Context(), tx, []rule.Row{{Key: "deposit.statement.lines_count", Value: "2", Unit: rule.Count, From: b.date("2026-09-10"), Source: "test", Grade: "U", Note: "test"}})
		}))
		period := payment.Filter{From: b.date("2026-09-01"), To: b.date("2026-09-10")}
		if _, err := b.Statement(t.Context(), wang.by(), wang.accounts[0], period.From, period.To); !errors.Is(err, payment.ErrTooManyLines) {
			t.Errorf("three lines where two are allowed: %v", err)
		}
		var out bytes.Buffer
		if err := b.ExportCSV(t.Context(), wang.by(), period, i18n.En, &out); !errors.Is(err, payment.ErrTooManyLines) || out.Len() > 0 {
			t.Errorf("CSV: %v after %d bytes", err, out.Len())
		}
	})
}

func TestThePrintedStatementHasEveryLineAndPage(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		for i := range 70 {
			b.pay(wang.accounts[0], li.accounts[0], int64(100+i), fmt.Sprintf("no%02d", i))
		}
		paper, err := b.StatementPDF(t.Context(), wang.by(), wang.accounts[0], b.date("2026-09-01"), b.date("2026-09-10"), i18n.ZhHans)
		b.must(err)
		text := paperText(t, paper)
		says(t, text, []string{"账户交易明细", "王小明", b.people.holding(wang.accounts[0]).Number, "¥0.00", "¥9,905.85", "¥10,000.00（1 笔）", "¥94.15（70 笔）",
			"no00", "no69", "-1.69", "9,905.85", "1/3", "3/3", "李*娜", "以下空白"}, []string{"李文娜", "4/"})
		if n := strings.Count(text, "对方"); n != 3 {
			t.Errorf("headings on %d pages", n)
		}
		if _, _, err := pdf.Signature(paper); err != nil {
			t.Error(err)
		}
		empty, err := b.StatementPDF(t.Context(), wang.by(), wang.accounts[0], b.date("2026-08-01"), b.date("2026-08-31"), i18n.En)
		b.must(err)
		says(t, paperText(t, empty), []string{"Account statement", "No transactions in this period", "1/1"}, []string{"no00"})
	})
}

func TestTheExportIsReadAsTextBySpreadsheets(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		memos := []string{`=HYPERLINK("http://x","y")`, "+1", "-2+3", "@SUM(A1)", "＝1+1", " =1", "a,b\"c", "普通"}
		for _, memo := range memos {
			b.pay(wang.accounts[0], li.accounts[0], 1250, memo)
		}
		var out bytes.Buffer
		b.must(b.ExportCSV(t.Context(), wang.by(), payment.Filter{Account: wang.accounts[0]}, i18n.ZhHans, &out))
		body, marked := strings.CutPrefix(out.String(), "\ufeff")
		if !marked || !strings.Contains(body, "\r\n") {
			t.Error("no byte order mark, or no CRLF")
		}
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		b.must(err)
		if len(rows) != 1+len(memos)+1 || rows[0][0] != "记账日期" {
			t.Fatalf("%d rows, headed %q", len(rows), rows[0])
		}
		for i, row := range rows[1 : 1+len(memos)] {
			memo := memos[len(memos)-1-i]
			want := "'" + memo
			if memo == "普通" || memo == "a,b\"c" {
				want = memo
			}
			if row[10] != want || row[5] != "12.50" || row[4] != "" || row[8] != "李*娜" {
				t.Errorf("row %q, want memo %q", row, want)
			}
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("cell %q is run by a spreadsheet", cell)
				}
			}
		}
		if strings.Contains(body, "李文娜") {
			t.Error("a whole name left the bank")
		}
		out.Reset()
		if err := b.ExportCSV(t.Context(), li.by(), payment.Filter{Account: wang.accounts[0]}, i18n.En, &out); !errors.Is(err, deposit.ErrNotFound) || out.Len() > 0 {
			t.Errorf("another's account: %v after %d bytes", err, out.Len())
		}
		out.Reset()
		b.must(b.ExportCSV(t.Context(), li.by(), payment.Filter{}, i18n.En, &out))
		if !strings.HasPrefix(out.String(), "\ufeffDate,Time,") || strings.Count(out.String(), "\r\n") != 1+1+len(memos) {
			t.Errorf("in English:\n%s", out.String())
		}
	})
}

func TestTheExportEndsWhenTheReaderIsGone(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang := b.person("王小明", 1)
		if err := b.ExportCSV(t.Context(), wang.by(), payment.Filter{}, i18n.En, gone{}); !errors.Is(err, errGone) {
			t.Errorf("got %v", err)
		}
	})
}

var errGone = errors.New("connection lost")

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errGone }

func TestDocumentTextsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range i18n.NewCatalog(payment.Texts()).Missing() {
		t.Error(problem)
	}
}

func BenchmarkAPrintedStatementOfThreePages(bench *testing.B) {
	b := newPaperBank(bench, "sqlite:"+bench.TempDir()+"/bank.db")
	wang, li := b.person("王小明", 1), b.person("李文娜", 1)
	for i := range 70 {
		b.pay(wang.accounts[0], li.accounts[0], int64(100+i), "早餐")
	}
	for bench.Loop() {
		_, err := b.StatementPDF(bench.Context(), wang.by(), wang.accounts[0], b.date("2026-09-01"), b.date("2026-09-10"), i18n.ZhHans)
		b.must(err)
	}
}
