package camt053_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/oversight/insight/camt053"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/values/money"
)

// schemas is where the published schemas lie on a developer's machine; they are no part of the repository.
const schemas = "../../../../../shared/data/payments/iso20022"

func cny(minor int64) money.Amount { return money.New(minor, money.CNY) }

func date(t testing.TB, s string) clock.Date {
	t.Helper()
	d, err := clock.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// full is a message with everything that can be in one.
func full(t testing.TB) camt053.Message {
	t.Helper()
	zone, err := clock.Zone("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	available := cny(112_000)
	on := date(t, "2026-10-12")
	book := camt053.Code{Domain: "PMNT", Family: "RCDT", SubFamily: "DMCT"}
	return camt053.Message{ID: "MSG1", CreatedAt: time.Date(2026, 11, 1, 0, 0, 0, 5, time.UTC), Statements: []camt053.Statement{{
		ID: "ST1", From: date(t, "2026-10-01"), To: date(t, "2026-10-31"), Zone: zone, Account: "6217000000000003313", Currency: money.CNY,
		Name: "一类账户", Owner: "王小明", Servicer: "通宝银行", Opening: cny(100_000), Closing: cny(112_345), Available: &available,
		Entries: []camt053.Entry{
			{Reference: "1", Amount: cny(20_000), Credit: true, BookedOn: on, ValuedOn: on, ServicerRef: "jrnl_1", EndToEnd: "trfr_1", Code: book,
				Party: "李*娜", PartyAccount: "6217 **** **** 0001", Remittance: `<房租> & "十月"`, Info: "转入"},
			{Reference: "2", Amount: cny(7_655), BookedOn: on, ValuedOn: date(t, "2026-10-10"), ServicerRef: "jrnl_2", Code: book, Reversal: true,
				Remittance: strings.Repeat("长", 200), Info: "冲正\x00"},
		},
	}, {ID: "ST2", From: date(t, "2026-10-01"), To: date(t, "2026-10-31"), Zone: zone, Account: "1", Currency: money.CNY, Opening: cny(0), Closing: cny(-5)}}}
}

func written(t *testing.T, m camt053.Message) string {
	t.Helper()
	var b bytes.Buffer
	if err := camt053.Write(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAmountsArePositiveAndBalancesSayTheirSide(t *testing.T) {
	t.Parallel()
	text := strings.Join(strings.Fields(written(t, full(t))), "")
	for _, want := range []string{
		`<Cd>OPBD</Cd></CdOrPrtry></Tp><AmtCcy="CNY">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-01</Dt>`,
		`<Cd>CLBD</Cd></CdOrPrtry></Tp><AmtCcy="CNY">1123.45</Amt>`, `<Cd>CLAV</Cd></CdOrPrtry></Tp><AmtCcy="CNY">1120.00</Amt>`,
		`<AmtCcy="CNY">0.05</Amt><CdtDbtInd>DBIT</CdtDbtInd>`, // a balance below zero
		`<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>200.00</Sum>`, `<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>76.55</Sum>`,
		`<RvslInd>true</RvslInd>`, `<BookgDt><Dt>2026-10-12</Dt></BookgDt><ValDt><Dt>2026-10-10</Dt></ValDt><AcctSvcrRef>jrnl_2</AcctSvcrRef>`,
		`<FrDtTm>2026-10-01T00:00:00+08:00</FrDtTm><ToDtTm>2026-10-31T23:59:59+08:00</ToDtTm>`,
		`<Dbtr><Pty><Nm>李*娜</Nm>`, `&lt;房租&gt;&amp;`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Count(text, "<RvslInd>") != 1 || strings.Contains(text, ">-") {
		t.Error("an amount has a sign, or an entry is a reversal that is none")
	}
}

func TestThePublishedSchemaAcceptsIt(t *testing.T) {
	t.Parallel()
	schema := filepath.Join(schemas, "xsd", "camt.053.001.08.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Skip("the schemas of ISO 20022 are not on this machine: ../shared/data/payments/iso20022")
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not on this machine: apt-get install libxml2-utils")
	}
	check := func(name, text string) error {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "xmllint", "--noout", "--nonet", "--schema", schema, file).CombinedOutput()
		t.Logf("%s", out)
		return err
	}
	text := written(t, full(t))
	if err := check("good.xml", text); err != nil {
		t.Error("the schema refuses a statement")
	}
	if err := check("bad.xml", strings.Replace(text, "<CdtDbtInd>CRDT", "<CdtDbtInd>CREDIT", 1)); err == nil {
		t.Error("the schema accepts what is wrong: it is not asked")
	}
}

func TestWhatIsNoStatementIsRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(*camt053.Message)
		want  error
	}{
		"no id":                {func(m *camt053.Message) { m.ID = "" }, camt053.ErrID},
		"an id of 36":          {func(m *camt053.Message) { m.Statements[0].ID = strings.Repeat("x", 36) }, camt053.ErrID},
		"no account":           {func(m *camt053.Message) { m.Statements[0].Account = "" }, camt053.ErrAccount},
		"a negative entry":     {func(m *camt053.Message) { m.Statements[0].Entries[0].Amount = cny(-1) }, camt053.ErrAmount},
		"an entry in dollars":  {func(m *camt053.Message) { m.Statements[0].Entries[0].Amount = money.New(1, money.USD) }, camt053.ErrAmount},
		"a balance in dollars": {func(m *camt053.Message) { m.Statements[0].Opening = money.New(1, money.USD) }, camt053.ErrAmount},
	} {
		m := full(t)
		tc.spoil(&m)
		if err := camt053.Write(&bytes.Buffer{}, m); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}
