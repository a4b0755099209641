package console

import (
	"context"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/day"
)

// The permissions of the business day, which stands below package access and names none itself.
const (
	actionDays     access.Permission = "day.view"
	actionCloseDay access.Permission = "day.close"
)

func (h *handlers) dayRoutes() {
	r := h.router
	view, closing := mayBank(actionDays, access.Operating, access.Inspecting), mayBank(actionCloseDay, access.Operating)
	api.Add(r, api.Get("/days", "days", "listDays", "Business days, the newest first", view), h.days)
	api.Add(r, api.Get("/days/state", "days", "dayState", "The open day, what waits, what operators should know", view), h.dayState)
	api.Add(r, api.Get("/days/{date}", "days", "findDay", "The end of one day: steps, times, tie-outs", view), h.day)
	api.Add(r, api.Get("/days/asides", "days", "listAsides", "What end of day could not do and set aside", view), h.asides)
	api.Add(r, api.Post("/days/asides/retry", "days", "retryAside", "Do one of them again", closing), h.retryAside)
	api.Add(r, api.Post("/days/close", "days", "closeDays", "Let the end of days go on at once; missed days are made up", closing), h.closeDays)
	api.Add(r, api.Get("/days/accruals", "days", "listAccruals", "Accrued interest as accounts and books have it", view), h.accruals)
	api.Add(r, api.Get("/days/calendar", "days", "workingDays", "Which days of a year are worked", view), h.calendar)
}

func (h *handlers) days(ctx context.Context, in *api.Paging) (*api.Answer[api.Page[businessDay]], error) {
	before, err := api.ParseDate(in.Cursor, "cursor")
	if err != nil {
		return nil, err
	}
	var all []day.Business
	var ends map[clock.Date]day.Progress
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		if all, err = h.Days.List(ctx, tx, before, in.Limit); err != nil || len(all) == 0 {
			return err
		}
		ends, err = h.End.Times(ctx, tx, all[len(all)-1].Date, all[0].Date)
		return err
	})
	cursor := next(all, in.Limit, func(b day.Business) string { return b.Date.String() })
	return api.With(api.PageOf(api.List(all, func(b day.Business) businessDay { return h.newDay(ctx, b, ends[b.Date]) }), cursor), err)
}

func (h *handlers) dayState(ctx context.Context, _ *api.None) (*api.Answer[dayState], error) {
	var out dayState
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if out.Open, err = h.Days.Current(ctx, tx); err != nil {
			return err
		}
		if out.Waiting, err = h.End.Waiting(ctx, tx); err != nil {
			return err
		}
		asides, err := h.End.Asides(ctx, tx, asidesMost)
		out.Asides = len(asides)
		return err
	})
	out.Warnings = h.End.Warnings(out.Open)
	if out.Warnings == nil {
		out.Warnings = []string{}
	}
	if until, known := h.End.CalendarEnds(); known {
		out.CalendarUntil = until.String()
	}
	return api.With(out, err)
}

const asidesMost = 500 // on a page: more stop a step

func (h *handlers) day(ctx context.Context, in *ofDay) (*api.Answer[endOfDay], error) {
	date, err := api.ParseDate(in.Date, "date")
	if err != nil {
		return nil, err
	}
	var p day.Progress
	var usual map[string]int
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		if p, err = h.End.Of(ctx, tx, date); err != nil {
			return err
		}
		usual, err = h.End.Usual(ctx, tx, date)
		return err
	})
	return api.With(h.newEnd(ctx, p, usual), err)
}

func (h *handlers) asides(ctx context.Context, _ *api.None) (*api.Answer[asideList], error) {
	var all []day.SetAside
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.End.Asides(ctx, tx, asidesMost)
		return err
	})
	return api.With(asideList{api.List(all, func(a day.SetAside) aside {
		return aside{a.Date, h.named(ctx, a.Step, stepText), a.Item, h.word(ctx, a.Code), a.Attempts}
	})}, err)
}

func (h *handlers) retryAside(ctx context.Context, in *api.Body[asideKey]) (*api.None, error) {
	date, err := api.ParseDate(in.Body.Date, "/date")
	if err != nil {
		return nil, err
	}
	return api.Done(h.End.Retry(ctx, api.By(ctx), day.AsideKey{Date: date, Step: in.Body.Step, Item: in.Body.Item}))
}

func (h *handlers) closeDays(ctx context.Context, _ *api.None) (*api.None, error) {
	return api.Done(h.CloseDays(ctx, api.By(ctx)))
}

func (h *handlers) accruals(ctx context.Context, _ *api.None) (*api.Answer[accrualList], error) {
	var all []deposit.Accrual
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.Deposits.Accruals(ctx, tx)
		return err
	})
	return api.With(accrualList{api.List(all, newAccrual)}, err)
}

func (h *handlers) calendar(ctx context.Context, in *ofYear) (*api.Answer[workingYear], error) {
	year := in.Year
	err := h.DB.Read(ctx, func(tx *db.Tx) error {
		if year != 0 {
			return nil
		}
		today, err := h.Days.Current(ctx, tx)
		year = today.Year()
		return err
	})
	if err != nil {
		return nil, err
	}
	out := workingYear{Year: year, Known: true, Notices: h.End.Calendar.Notices(year), Days: []workingDay{}}
	first, err := api.ParseDate(yearText(year)+"-01-01", "year")
	if err != nil {
		return nil, err
	}
	for d := first; d.Year() == year; d = d.AddDays(1) {
		worked, err := h.End.Calendar.IsWorkday(d)
		if errors.Is(err, clock.ErrUnknownYear) {
			return api.With(workingYear{Year: year, Notices: []string{}, Days: []workingDay{}}, nil)
		}
		if err != nil {
			return nil, err
		}
		out.Days = append(out.Days, workingDay{d, worked, h.End.Calendar.Differs(d)})
	}
	return api.With(out, nil)
}

type businessDay struct {
	Date      clock.Date `json:"date"`
	State     string     `json:"state" enum:"OPEN,CUTOFF,TIED_OUT,LOCKED"`
	OpenedAt  instant    `json:"openedAt"`
	CutOffAt  *instant   `json:"cutOffAt,omitempty"`
	BeganAt   *instant   `json:"beganAt,omitempty" doc:"Of its end"`
	TiedOutAt *instant   `json:"tiedOutAt,omitempty"`
	LockedAt  *instant   `json:"lockedAt,omitempty"`
	Problem   *word      `json:"problem,omitempty" doc:"Why it waits for operators"`
}

func (h *handlers) newDay(ctx context.Context, b day.Business, p day.Progress) businessDay {
	out := businessDay{
		Date: b.Date, State: string(b.State), OpenedAt: b.OpenedAt.UTC(), CutOffAt: api.Instant(b.CutOffAt), BeganAt: api.Instant(p.BeganAt),
		TiedOutAt: api.Instant(p.TiedOutAt), LockedAt: api.Instant(p.LockedAt),
	}
	if p.Problem != "" {
		w := h.word(ctx, p.Problem)
		out.Problem = &w
	}
	return out
}

type dayState struct {
	Open          clock.Date `json:"open" doc:"The day into which everything is booked"`
	Waiting       int        `json:"waiting" doc:"Closed days that are not locked yet"`
	Asides        int        `json:"asides" doc:"Items that were set aside"`
	Warnings      []string   `json:"warnings" doc:"For operators, in English"`
	CalendarUntil string     `json:"calendarUntil,omitempty" doc:"Last day of the calendar of working days"`
}

type ofDay struct {
	Date string `path:"date" format:"date" maxLength:"10"`
}

type endOfDay struct {
	Date      clock.Date `json:"date"`
	State     string     `json:"state" enum:"OPEN,CUTOFF,TIED_OUT,LOCKED"`
	BeganAt   *instant   `json:"beganAt,omitempty"`
	TiedOutAt *instant   `json:"tiedOutAt,omitempty"`
	LockedAt  *instant   `json:"lockedAt,omitempty"`
	Problem   *word      `json:"problem,omitempty"`
	Detail    string     `json:"detail,omitempty" doc:"The same for engineers"`
	Steps     []dayStep  `json:"steps" doc:"In their order"`
	Checks    []dayCheck `json:"checks" doc:"Two ways to one sum"`
}

type dayStep struct {
	Name      word     `json:"name"`
	State     string   `json:"state" enum:"waiting,running,done"`
	Done      int      `json:"done"`
	Aside     int      `json:"aside" doc:"Set aside in this step"`
	Usual     int      `json:"usual" doc:"How many it did on the last day that was locked"`
	StartedAt *instant `json:"startedAt,omitempty"`
	EndedAt   *instant `json:"endedAt,omitempty"`
}

type dayCheck struct {
	Name        word    `json:"name"`
	Differences int     `json:"differences"`
	Detail      string  `json:"detail,omitempty" doc:"The first of them"`
	At          instant `json:"at"`
}

// stepText is the key of a step's name, and checkText of a check's.
func stepText(name string) string  { return "day.step." + name }
func checkText(name string) string { return "day.check." + name }

func (h *handlers) newEnd(ctx context.Context, p day.Progress, usual map[string]int) endOfDay {
	out := endOfDay{
		Date: p.Date, State: string(p.State), BeganAt: api.Instant(p.BeganAt), TiedOutAt: api.Instant(p.TiedOutAt), LockedAt: api.Instant(p.LockedAt), Detail: p.Detail,
		Steps: api.List(p.Steps, func(s day.StepProgress) dayStep {
			return dayStep{h.named(ctx, s.Name, stepText), string(s.State), s.Done, s.Aside, usual[s.Name], api.Instant(s.StartedAt), api.Instant(s.EndedAt)}
		}),
		Checks: api.List(p.Checks, func(c day.CheckProgress) dayCheck {
			return dayCheck{h.named(ctx, c.Name, checkText), c.Differences, c.Detail, c.At.UTC()}
		}),
	}
	if p.Problem != "" {
		w := h.word(ctx, p.Problem)
		out.Problem = &w
	}
	return out
}

// named is a step or a check: its code is the name that is stored.
func (h *handlers) named(ctx context.Context, name string, text func(string) string) word {
	return word{name, h.text(ctx, text(name))}
}

type asideList struct {
	Items []aside `json:"items" doc:"The oldest day first"`
}

type aside struct {
	Date     clock.Date `json:"date"`
	Step     word       `json:"step"`
	Item     string     `json:"item"`
	Reason   word       `json:"reason"`
	Attempts int        `json:"attempts"`
}

type asideKey struct {
	Date string `json:"date" format:"date"`
	Step string `json:"step" minLength:"1" maxLength:"64" example:"deposit.accrue"`
	Item string `json:"item" minLength:"1" maxLength:"128"`
}

type accrualList struct {
	Items []accrual `json:"items"`
}

type accrual struct {
	Kind      string    `json:"kind" doc:"Of deposit"`
	Branch    string    `json:"branch"`
	Account   string    `json:"account" doc:"Of the ledger"`
	Positions api.Money `json:"positions" doc:"What accounts have accrued"`
	Books     api.Money `json:"books" doc:"What the ledger says"`
	Agrees    bool      `json:"agrees"`
}

func newAccrual(a deposit.Accrual) accrual {
	return accrual{string(a.Kind), a.Branch, a.Account, api.MoneyOf(a.Positions), api.MoneyOf(a.Books), a.Positions == a.Books}
}

type ofYear struct {
	Year int `query:"year" minimum:"0" maximum:"2200" doc:"The open day's when it is missing"`
}

func yearText(year int) string { return fmt.Sprintf("%04d", year) }

type workingYear struct {
	Year    int          `json:"year"`
	Known   bool         `json:"known" doc:"False: its days were not published, or are not in this program"`
	Notices []string     `json:"notices" doc:"Where its days were published"`
	Days    []workingDay `json:"days"`
}

type workingDay struct {
	Date    clock.Date `json:"date"`
	Worked  bool       `json:"worked"`
	Differs bool       `json:"differs" doc:"From an ordinary week: a holiday, or a day that is worked instead"`
}
