package insight

import (
	"context"
	"slices"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// YearSummary is a person's year, or what of it has come.
type YearSummary struct {
	Year     int
	To       clock.Date // the last day that is counted
	Holder   string     // real name
	Accounts []Balance
	Sums     []YearSum // by currency
}

// Balance is what an account or deposit held on the last day.
type Balance struct {
	Name     string // product, and the end of the number or the name of the goal
	Currency money.Currency
	Closing  money.Amount
}

// YearSum is what came and went in one currency.
type YearSum struct {
	Currency         money.Currency
	Opening, Closing money.Amount // of all accounts and deposits
	In, Out          payment.Sum
	Interest         money.Amount // before tax
	Tax              money.Amount // withheld
	Months           []MonthSum   // those that have begun, the oldest first
	Categories       []CategorySum
}

// Year sums up a year of the caller's. Errors: ErrMonth for a year that has not begun, payment.ErrTooManyLines.
func (s *Service) Year(ctx context.Context, by act.By, year int, l i18n.Locale) (YearSummary, error) {
	var y YearSummary
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		if year < firstYear || year > today.Year() {
			return ErrMonth.At("/year")
		}
		y, err = s.year(ctx, tx, by.Customer(), span{Month{year, 1}.First(), until(Month{year, 12}.Last(), today)}, l)
		return err
	})
	return y, err
}

// span is business dates, both included.
type span struct{ from, to clock.Date }

func (s *Service) year(ctx context.Context, tx *db.Tx, owner id.Customer, p span, l i18n.Locale) (YearSummary, error) {
	y := YearSummary{Year: p.from.Year(), To: p.to}
	names, err := s.Persons.Names(ctx, tx, []id.Customer{owner})
	if err != nil {
		return y, err
	}
	y.Holder = names[owner].Reveal()
	if err := s.yearBalances(ctx, tx, owner, p, l, &y); err != nil {
		return y, err
	}
	all, err := s.moves(ctx, tx, owner, p.from, p.to)
	if err != nil {
		return y, err
	}
	for _, m := range all {
		y.sum(m.Amount.Currency())
	}
	paid, err := s.Deposits.InterestPaid(ctx, tx, owner, p.from, p.to)
	if err != nil {
		return y, err
	}
	for i := range y.Sums {
		if err := y.Sums[i].fill(all, p); err != nil {
			return y, err
		}
		for _, part := range paid {
			if part.Tax.Currency() != y.Sums[i].Currency {
				continue
			}
			if err := addAll([]sum{{&y.Sums[i].Tax, part.Tax}, {&y.Sums[i].Interest, part.Tax}}); err != nil {
				return y, err
			}
		}
	}
	return y, nil
}

// sum is the sum of a currency.
func (y *YearSummary) sum(c money.Currency) *YearSum {
	for i := range y.Sums {
		if y.Sums[i].Currency == c {
			return &y.Sums[i]
		}
	}
	zero := money.Zero(c)
	none := payment.Sum{Amount: zero}
	y.Sums = append(y.Sums, YearSum{Currency: c, Opening: zero, Closing: zero, In: none, Out: none, Interest: zero, Tax: zero})
	return &y.Sums[len(y.Sums)-1]
}

// yearBalances reads what each account held at the ends.
func (s *Service) yearBalances(ctx context.Context, tx *db.Tx, owner id.Customer, p span, l i18n.Locale, y *YearSummary) error {
	lines, err := s.held(ctx, tx, owner, p, l)
	if err != nil {
		return err
	}
	for _, line := range lines {
		opening, err := s.Books.BalanceAt(ctx, tx, string(line.Account), p.from.AddDays(-1))
		if err != nil {
			return err
		}
		closing, err := s.Books.BalanceAt(ctx, tx, string(line.Account), p.to)
		if err != nil {
			return err
		}
		sums := y.sum(line.Currency)
		if err := addAll([]sum{{&sums.Opening, opening}, {&sums.Closing, closing}}); err != nil {
			return err
		}
		if line.open || !closing.IsZero() {
			y.Accounts = append(y.Accounts, Balance{line.title(), line.Currency, closing})
		}
	}
	return nil
}

// heldLine is an account that lived on a day of a span, and whether it lives still.
type heldLine struct {
	Line
	open bool
}

// held names the accounts and deposits that lived on a day of a span.
func (s *Service) held(ctx context.Context, tx *db.Tx, owner id.Customer, p span, l i18n.Locale) ([]heldLine, error) {
	holdings, err := s.Deposits.Holdings(ctx, tx, owner)
	if err != nil {
		return nil, err
	}
	contracts, err := s.Deposits.Contracts(ctx, tx, owner)
	if err != nil {
		return nil, err
	}
	var all []heldLine
	for _, h := range holdings {
		if !s.lived(h, p.from, p.to) {
			continue
		}
		v, err := s.Products.Version(ctx, tx, h.Product, h.TermsVersion)
		if err != nil {
			return nil, err
		}
		all = append(all, heldLine{Line{Account: h.ID, Product: v.Name(l), Number: h.Number, Tail: h.Tail, Currency: h.Currency}, h.ClosedAt.IsZero()})
	}
	for _, c := range contracts {
		if c.OpenedOn.After(p.to) || !c.ClosedOn.IsZero() && c.ClosedOn.Before(p.from) {
			continue
		}
		all = append(all, heldLine{Line{Account: c.Account, Kind: c.Kind, Product: c.Terms.Name(l), Name: c.Plan.Name, Currency: c.Currency}, c.ClosedOn.IsZero()})
	}
	return all, nil
}

// fill adds up moves of its currency.
func (y *YearSum) fill(all []Move, p span) error {
	for m := MonthOf(p.from); !m.After(MonthOf(p.to)); m = m.Add(1) {
		zero := payment.Sum{Amount: money.Zero(y.Currency)}
		y.Months = append(y.Months, MonthSum{Month: m, In: zero, Out: zero})
	}
	categories := tally[categoryKey]{currency: y.Currency}
	for _, m := range all {
		if !m.counts(y.Currency) {
			continue
		}
		if m.Category == Interest {
			if err := addAll([]sum{{&y.Interest, m.Amount}}); err != nil {
				return err
			}
		}
		at := slices.IndexFunc(y.Months, func(t MonthSum) bool { return t.Month == MonthOf(m.BusinessDate) })
		if err := y.Months[at].add(m); err != nil {
			return err
		}
		if err := categories.add(categoryKey{m.Direction, m.Category}, m); err != nil {
			return err
		}
		whole := &y.In
		if m.Direction == payment.Out {
			whole = &y.Out
		}
		if err := whole.Add(m.Amount); err != nil {
			return err
		}
	}
	for _, row := range categories.largest() {
		y.Categories = append(y.Categories, CategorySum{row.key.category, row.key.direction, row.sum})
	}
	return nil
}

// yearPaper is a year being printed.
type yearPaper struct {
	paper
	YearSummary
}

// YearPDF prints a year of the caller's, signed by the bank. Errors: as Year.
func (s *Service) YearPDF(ctx context.Context, by act.By, year int, l i18n.Locale) ([]byte, error) {
	y, err := s.Year(ctx, by, year, l)
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now().In(s.Days.Zone())
	w := words{s.Texts, l}
	name := w.of("insight.paper.year_span", "year", strconv.Itoa(year))
	if y.To != (Month{year, 12}.Last()) {
		name += " " + w.of("insight.paper.so_far", "on", y.To.String())
	}
	content, err := yearPaper{paper{w, s.Papers.Bank, w.of("insight.paper.year"), name, at}, y}.print()
	if err != nil {
		return nil, err
	}
	if content, err = s.sign(content, at); err != nil {
		return nil, err
	}
	return content, s.noteExport(ctx, by, "insight.print_year", strconv.Itoa(year), nil)
}

func (p yearPaper) print() ([]byte, error) {
	d, err := p.open(p.span)
	if err != nil {
		return nil, err
	}
	from := Month{p.Year, 1}.First()
	d.PairsIn(d.Left(), d.Width()-sealRoom, 1,
		pdf.Pair{Label: p.of("payment.statement.holder"), Value: p.Holder},
		pdf.Pair{Label: p.of("payment.statement.period"), Value: p.of("payment.statement.span", "from", from.String(), "to", p.To.String())})
	d.Space(30)
	p.sums(d)
	p.balances(d)
	for _, y := range p.Sums {
		if y.In.Count+y.Out.Count > 0 {
			p.months(d, y)
			p.categories(d, y)
		}
	}
	d.Space(12)
	d.Note(p.of("insight.paper.year_note", "bank", p.bank, "at", p.at.Format(secondLayout)))
	return d.Bytes()
}

func (p yearPaper) sums(d *pdf.Document) {
	p.section(d, p.of("insight.paper.totals"))
	var rows [][]string
	for _, y := range p.Sums {
		rows = append(rows, []string{y.Currency.Code(), grouped(y.Opening), grouped(y.In.Amount), grouped(y.Out.Amount), grouped(y.Interest), grouped(y.Tax), grouped(y.Closing)})
	}
	table(d, pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: p.of("payment.statement.currency"), Share: 10}, p.money("payment.statement.opening"), p.money("insight.paper.in"), p.money("insight.paper.out"),
		p.money("insight.paper.earned"), p.money("insight.paper.tax"), p.money("payment.statement.closing"),
	}}, rows)
	d.Space(4)
	d.Note(p.of("insight.paper.own"))
}

func (p yearPaper) money(key string) pdf.Column {
	return pdf.Column{Title: p.of(key), Share: 16, Align: pdf.End}
}

func (p yearPaper) balances(d *pdf.Document) {
	p.section(d, p.of("insight.paper.balances"))
	var rows [][]string
	for _, a := range p.Accounts {
		rows = append(rows, []string{a.Name, a.Currency.Code(), grouped(a.Closing)})
	}
	table(d, pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: p.of("insight.paper.account"), Share: 60}, {Title: p.of("payment.statement.currency"), Share: 15}, p.money("payment.line.balance"),
	}}, rows)
}

func (p yearPaper) months(d *pdf.Document, y YearSum) {
	p.section(d, p.of("insight.paper.months")+" · "+y.Currency.Code())
	var rows [][]string
	for _, m := range y.Months {
		rows = append(rows, []string{monthName(p.locale, m.Month), grouped(m.In.Amount), strconv.Itoa(m.In.Count), grouped(m.Out.Amount), strconv.Itoa(m.Out.Count)})
	}
	table(d, pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: p.of("insight.paper.month_head"), Share: 30}, p.money("insight.paper.in"), {Title: p.of("insight.paper.count"), Share: 9, Align: pdf.End},
		p.money("insight.paper.out"), {Title: p.of("insight.paper.count"), Share: 9, Align: pdf.End},
	}}, rows)
}

func (p yearPaper) categories(d *pdf.Document, y YearSum) {
	p.section(d, p.of("insight.paper.categories")+" · "+y.Currency.Code())
	var rows [][]string
	for _, direction := range []payment.Direction{payment.Out, payment.In} {
		whole, key := y.Out.Amount, "insight.paper.out"
		if direction == payment.In {
			whole, key = y.In.Amount, "insight.paper.in"
		}
		for _, c := range y.Categories {
			if c.Direction == direction {
				rows = append(rows, []string{p.of(key), p.of(nameKey(c.Category)), strconv.Itoa(c.Count), Share(c.Amount, whole), grouped(c.Amount)})
			}
		}
	}
	table(d, pdf.Table{Style: pdf.Style{Size: 8.5, Colour: pdf.Ink}, Columns: []pdf.Column{
		{Title: "", Share: 15}, {Title: p.of("insight.paper.category"), Share: 38}, {Title: p.of("insight.paper.count"), Share: 10, Align: pdf.End},
		{Title: p.of("insight.paper.share"), Share: 12, Align: pdf.End}, p.money("payment.line.amount"),
	}}, rows)
}

// Share is a part of a whole in percent with one decimal, a half up: 12.5%. The whole is not zero where there is a part.
func Share(part, whole money.Amount) string {
	if whole.Minor() <= 0 {
		return "0.0%"
	}
	const scale, ten = 1000, 10
	tenths, err := part.MulFraction(scale, whole.Minor(), money.HalfUp)
	if err != nil {
		return ""
	}
	n := tenths.Minor()
	return strconv.FormatInt(n/ten, 10) + "." + strconv.FormatInt(n%ten, 10) + "%"
}
