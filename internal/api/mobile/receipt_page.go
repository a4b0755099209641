package mobile

import (
	"bytes"
	"context"
	_ "embed" // the page and its style
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed page/receipt.html
var receiptHTML string

//go:embed page/style.css
var receiptCSS []byte

// receiptPolicy allows the style sheet of the page and nothing else.
const receiptPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ruleReceipts is how many receipts an address may open in an hour.
const ruleReceipts = "payment.receipt.hourly_address_count"

// receiptPage shows anyone who holds a paper whether it is true.
type receiptPage struct {
	handlers
	page *template.Template
}

// ReceiptPage serves GET /r/{code}, the public page that confirms a receipt, GET /s/{code}, which confirms a monthly
// statement (statement_page.go), and their style sheet. It is plain HTML
// without any script, says no more than the paper with names masked, and asks search engines to look away. Who guesses
// codes meets a limit by address long before 128 bits.
func ReceiptPage(r *api.Router, rooms Rooms) http.Handler {
	p := &receiptPage{handlers{rooms, r}, template.Must(template.New("receipt").Parse(receiptHTML))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /r/style.css", p.style)
	mux.HandleFunc("GET /r/{code}", p.show)
	mux.HandleFunc("GET /s/{code}", p.showStatement)
	return mux
}

func (p *receiptPage) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(receiptCSS) // the peer may be gone
}

func (p *receiptPage) show(w http.ResponseWriter, req *http.Request) {
	p.answer(w, req, paperOfReceipt, ruleReceipts, func(view *receiptView) error {
		c, err := p.Payments.PublicReceipt(req.Context(), req.PathValue("code"))
		if err == nil {
			view.fill(c, p.Days.Zone())
		}
		return err
	})
}

// answer writes the page of a paper, which find fills in, unless the address has asked too often.
func (p *receiptPage) answer(w http.ResponseWriter, req *http.Request, kind paperKind, rule string, find func(*receiptView) error) {
	view := receiptView{Locale: pageLocale(req), Bank: p.Facts.Bank, kind: kind}
	view.text = func(key string, params map[string]string) string { return p.Texts.Text(view.Locale, key, params) }
	status := http.StatusOK
	err := p.admit(req.Context(), kind, rule)
	if err == nil {
		err = find(&view)
	}
	if err != nil {
		problem := p.router.Problems.Of(err, view.Locale, api.TraceOf(req.Context()))
		status, view.Refusal = problem.Status, problem.Title
		if problem.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(problem.RetryAfter))
		}
	}
	p.write(w, status, view)
}

// admit counts the address.
func (p *receiptPage) admit(ctx context.Context, kind paperKind, rule string) error {
	var most int64
	err := p.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := p.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		most, err = p.Rules.Int(ctx, rule, today)
		return err
	})
	if err != nil {
		return fmt.Errorf("limit of %ss: %w", kind, err)
	}
	return p.router.Limits.Hourly(string(kind), api.AddressOf(ctx), most)
}

func (p *receiptPage) write(w http.ResponseWriter, status int, view receiptView) {
	var b bytes.Buffer
	if err := p.page.Execute(&b, view); err != nil {
		p.router.Log.Error("write the page of a receipt", slog.Any("err", err))
		status = http.StatusInternalServerError
		b.Reset()
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", receiptPolicy)
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the peer may be gone
}

// pageLocale is the language that the reader chose on the page, else the browser's.
func pageLocale(req *http.Request) i18n.Locale {
	if l, ok := i18n.ParseLocale(req.URL.Query().Get("lang")); ok {
		return l
	}
	return api.Locale(req)
}

// receiptView is what the page shows: a confirmation, or why there is none.
type receiptView struct {
	Locale   i18n.Locale
	Bank     string
	Refusal  string
	Number   string
	Reversed string // when, in words; empty when it was not
	Facts    []receiptFact

	kind paperKind
	text func(key string, params map[string]string) string
}

// paperKind is what a page confirms.
type paperKind string

const (
	paperOfReceipt   paperKind = "receipt"
	paperOfStatement paperKind = "statement"
)

// Word is a word of the page of its kind of paper.
func (v receiptView) Word(name string) string { return v.Text("page." + string(v.kind) + "." + name) }

type receiptFact struct {
	Label, Value string
	Large        bool
}

// Text is a word of the page.
func (v receiptView) Text(key string) string { return v.text(key, map[string]string{"bank": v.Bank}) }

// Locales are the languages to choose from.
func (v receiptView) Locales() []pageLanguage {
	return []pageLanguage{{"zh-Hans", "简体"}, {"zh-Hant", "繁體"}, {"en", "English"}}
}

type pageLanguage struct{ Tag, Name string }

const pageTime = "2006-01-02 15:04:05"

func (v *receiptView) fill(c payment.Confirmation, zone *time.Location) {
	v.Bank, v.Number = c.Bank, c.Number
	if c.Reversed {
		v.Reversed = v.text("payment.receipt.reversedAt", map[string]string{"at": c.ReversedAt.In(zone).Format(pageTime)})
	}
	amount := func(a money.Amount) string { return i18n.Amount(v.Locale, a.String(), a.Currency().Code()) }
	v.fact("amount", amount(c.Amount))
	v.Facts[0].Large = true
	v.fact("capitals", c.Capitals)
	v.fact("payer", c.Payer.Name+" "+c.Payer.Account)
	v.fact("payee", c.Payee.Name+" "+c.Payee.Account)
	v.fact("date", c.BusinessDate.String())
	v.fact("at", c.At.In(zone).Format(pageTime))
	if c.Fee != (money.Amount{}) {
		v.fact("fee", amount(c.Fee))
	}
	v.fact("memo", c.Memo)
	v.fact("number", c.Number)
}

// fact adds a line; what is empty is left out.
func (v *receiptView) fact(key, value string) {
	if value != "" {
		v.Facts = append(v.Facts, receiptFact{Label: v.text("payment.receipt."+key, nil), Value: value})
	}
}
