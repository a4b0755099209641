package ledger

import (
	"slices"
	"strings"

	"github.com/tongbao/tongbao/internal/values/money"
)

// Code is a heading of the chart of accounts: a subject of four digits and two of the bank's own.
type Code string

// The chart's codes. The first four digits are the subjects that China's accounting standards suggest to banks
// (企业会计准则应用指南, appendix 会计科目和主要账务处理, 财会〔2006〕18号; numbers read in digests, grade C).
const (
	Cash               Code = "100101" // 库存现金
	CentralBank        Code = "100301" // 存放中央银行款项: where rails settle
	SuspenseAsset      Code = "122101" // 其他应收款: paid out, reason not yet known
	DepositsI          Code = "201101" // 吸收存款, class I accounts
	DepositsII         Code = "201102" // class II
	DepositsIII        Code = "201103" // class III
	TermDeposits       Code = "201111" // 整存整取
	NoticeDeposits     Code = "201112" // 通知存款
	Certificates       Code = "201113" // 大额存单
	Instalments        Code = "201114" // 零存整取
	Pots               Code = "201115" // 目标储蓄, 存钱罐
	TaxWithheld        Code = "222101" // 应交税费, withheld from interest
	InterestPayable    Code = "223101" // 应付利息, on demand deposits
	TermPayable        Code = "223111" // on term deposits, and so on by product
	NoticePayable      Code = "223112"
	CertificatePayable Code = "223113"
	InstalmentPayable  Code = "223114"
	PotPayable         Code = "223115"
	SuspenseLiability  Code = "224101" // 其他应付款: received, owner not yet known
	Clearing           Code = "300101" // 清算资金往来: on its way to or from a rail
	InterBranch        Code = "300102" // 系统内往来: what branches owe each other; zero over the bank
	CurrencyPosition   Code = "300201" // 货币兑换: what the bank is long or short in a currency
	Capital            Code = "400101" // 实收资本
	RetainedEarnings   Code = "410401" // 利润分配, not distributed
	FeeIncome          Code = "602101" // 手续费及佣金收入
	ExchangeSpread     Code = "606101" // 汇兑损益: the price of exchanges less their middle rate
	ExchangeValuation  Code = "606102" // 汇兑损益: what positions in other currencies gained or lost by day
	InterestExpense    Code = "641101" // 利息支出, on demand deposits
	TermExpense        Code = "641111" // on term deposits, and so on by product
	NoticeExpense      Code = "641112"
	CertificateExpense Code = "641113"
	InstalmentExpense  Code = "641114"
	PotExpense         Code = "641115"
	FeeExpense         Code = "642101" // 手续费及佣金支出
	OperatingExpense   Code = "660201" // 业务及管理费
)

// Class is what a heading says about the bank's wealth.
type Class string

// The classes.
const (
	Asset     Class = "asset"
	Liability Class = "liability"
	Common    Class = "common" // either, as its balance stands (共同类)
	Equity    Class = "equity"
	Income    Class = "income"
	Expense   Class = "expense"
)

// Side is a side of the books.
type Side string

// The sides.
const (
	Debit  Side = "debit"
	Credit Side = "credit"
)

// Opposite is the other side.
func (s Side) Opposite() Side {
	if s == Debit {
		return Credit
	}
	return Debit
}

// Kind is how an account is kept.
type Kind string

// The kinds of account.
const (
	Guarded Kind = "guarded" // has a floor and a balance row
	Summed  Kind = "summed"  // the bank's own, folded from its entries
	Control Kind = "control" // adds up guarded accounts in the general ledger; nobody posts to it
)

// Heading is a line of the chart of accounts.
type Heading struct {
	Code   Code
	Class  Class
	Normal Side // the side that increases it
	Kind   Kind // Guarded: customers' accounts stand under it. Summed: the bank's own account is posted to
}

// Name is the key of the heading's name.
func (h Heading) Name() string { return "ledger.account." + string(h.Code) }

// chart is every heading, by code.
var chart = []Heading{
	{Cash, Asset, Debit, Summed},
	{CentralBank, Asset, Debit, Summed},
	{SuspenseAsset, Asset, Debit, Summed},
	{DepositsI, Liability, Credit, Guarded},
	{DepositsII, Liability, Credit, Guarded},
	{DepositsIII, Liability, Credit, Guarded},
	{TermDeposits, Liability, Credit, Guarded},
	{NoticeDeposits, Liability, Credit, Guarded},
	{Certificates, Liability, Credit, Guarded},
	{Instalments, Liability, Credit, Guarded},
	{Pots, Liability, Credit, Guarded},
	{TaxWithheld, Liability, Credit, Summed},
	{InterestPayable, Liability, Credit, Summed},
	{TermPayable, Liability, Credit, Summed},
	{NoticePayable, Liability, Credit, Summed},
	{CertificatePayable, Liability, Credit, Summed},
	{InstalmentPayable, Liability, Credit, Summed},
	{PotPayable, Liability, Credit, Summed},
	{SuspenseLiability, Liability, Credit, Summed},
	{Clearing, Common, Debit, Summed},
	{InterBranch, Common, Debit, Summed},
	{CurrencyPosition, Common, Debit, Summed},
	{Capital, Equity, Credit, Summed},
	{RetainedEarnings, Equity, Credit, Summed},
	{FeeIncome, Income, Credit, Summed},
	{ExchangeSpread, Income, Credit, Summed},
	{ExchangeValuation, Income, Credit, Summed},
	{InterestExpense, Expense, Debit, Summed},
	{TermExpense, Expense, Debit, Summed},
	{NoticeExpense, Expense, Debit, Summed},
	{CertificateExpense, Expense, Debit, Summed},
	{InstalmentExpense, Expense, Debit, Summed},
	{PotExpense, Expense, Debit, Summed},
	{FeeExpense, Expense, Debit, Summed},
	{OperatingExpense, Expense, Debit, Summed},
}

// Chart lists every heading, by code.
func Chart() []Heading { return slices.Clone(chart) }

// Heading finds a code in the chart.
func (c Code) Heading() (Heading, bool) {
	i, found := slices.BinarySearchFunc(chart, c, func(h Heading, c Code) int {
		return strings.Compare(string(h.Code), string(c))
	})
	if !found {
		return Heading{}, false
	}
	return chart[i], true
}

const ownPrefix = "glac_"

// Own names the bank's own account for a heading, a currency and a branch: glac_602101_CNY_0001. It need not be
// opened: the first posting does that. For a guarded heading it is the control account.
func Own(code Code, currency money.Currency, branch string) string {
	return ownPrefix + string(code) + "_" + currency.Code() + "_" + branch
}

// own is what the name of one of the bank's own accounts says.
type own struct {
	heading  Heading
	currency money.Currency
	branch   string
}

// parseOwn reads a name made by Own.
func parseOwn(account string) (own, bool) {
	rest, ok := strings.CutPrefix(account, ownPrefix)
	if !ok {
		return own{}, false
	}
	parts := strings.Split(rest, "_")
	if len(parts) != 3 || !isBranch(parts[2]) {
		return own{}, false
	}
	heading, known := Code(parts[0]).Heading()
	currency, err := money.ParseCurrency(parts[1])
	if !known || err != nil {
		return own{}, false
	}
	return own{heading, currency, parts[2]}, true
}

const branchMax = 12 // characters of a branch code

// isBranch accepts what can stand in the name of an own account: digits and letters.
func isBranch(s string) bool {
	if s == "" || len(s) > branchMax {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
