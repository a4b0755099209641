package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) interestCalendar(ctx context.Context, _ *none) (*answer[api.Page[comingInterest]], error) {
	locale := api.CallOf(ctx).Locale
	var all []deposit.Coming
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.Deposits.Calendar(ctx, tx, api.By(ctx).Customer())
		return err
	})
	return with(api.PageOf(list(all, func(c deposit.Coming) comingInterest {
		return comingInterest{On: day(c.On), Kind: c.Kind, ID: string(c.Account), ProductCode: c.Product, ProductName: c.Terms.Name(locale),
			Deposit: c.Terms.Kind != catalog.Current, Amount: api.MoneyOf(c.Amount), Interest: api.MoneyOf(c.Interest), Rollover: string(c.Rollover)}
	}), ""), err)
}

type comingInterest struct {
	On          string    `json:"on" format:"date"`
	Kind        string    `json:"kind" enum:"maturity,settlement,collection,notice"`
	ID          string    `json:"id" doc:"Of the deposit or account"`
	ProductName string    `json:"productName"`
	Deposit     bool      `json:"deposit" doc:"It is a deposit; else a current account"`
	ProductCode string    `json:"productCode"`
	Amount      api.Money `json:"amount" doc:"Principal, instalment, or what notice was given for"`
	Interest    api.Money `json:"interest" doc:"Before tax, as things stand"`
	Rollover    string    `json:"rollover,omitempty" enum:"none,payout,principal,all"`
}

func (h *handlers) depositInsurance(ctx context.Context, _ *none) (*answer[insurance], error) {
	var i deposit.Insurance
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		i, err = h.Deposits.Insurance(ctx, tx, api.By(ctx).Customer())
		return err
	})
	if err != nil {
		return nil, err
	}
	return with(insurance{api.MoneyOf(i.Cover), api.MoneyOf(i.Held), api.MoneyOf(i.Covered), api.MoneyOf(i.Beyond), int(i.PayoutDays)}, nil)
}

// insurance is what deposit insurance covers (存款保险条例).
type insurance struct {
	Cover      api.Money `json:"cover" doc:"At most, for one person at one bank, principal and interest together"`
	Held       api.Money `json:"held" doc:"All my deposits with what they have earned"`
	Covered    api.Money `json:"covered"`
	Beyond     api.Money `json:"beyond" doc:"Above the cover"`
	PayoutDays int       `json:"payoutDays" doc:"Working days within which it would be paid"`
}

type rolloverChoice struct {
	Rollover string `json:"rollover" enum:"none,payout,principal,all"`
}

func (h *handlers) setRollover(ctx context.Context, in *ofIDWith[rolloverChoice]) (*answer[heldDeposit], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return h.depositAfter(ctx, which, h.Deposits.SetRollover(ctx, api.By(ctx), which, catalog.Rollover(in.Body.Rollover)))
}

type newNotice struct {
	Amount api.Money `json:"amount"`
	On     string    `json:"on" format:"date" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"The one day for which it is given"`
}

type notice struct {
	ID     string    `json:"id"`
	Amount api.Money `json:"amount"`
	On     string    `json:"on" format:"date"`
}

func newNoticeOut(n deposit.NoticeGiven) notice {
	return notice{ID: n.ID, Amount: api.MoneyOf(n.Amount), On: day(n.DueOn)}
}

func (h *handlers) notices(ctx context.Context, in *OfID) (*answer[api.Page[notice]], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	var all []deposit.NoticeGiven
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = h.Deposits.Notices(ctx, tx, api.By(ctx).Customer(), which)
		return err
	})
	return with(api.PageOf(list(all, newNoticeOut), ""), err)
}

func (h *handlers) giveNotice(ctx context.Context, in *ofIDWith[newNotice]) (*answer[notice], error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	amount, err := in.Body.Amount.Parse("/amount")
	if err != nil {
		return nil, err
	}
	on, err := api.ParseDate(in.Body.On, "/on")
	if err != nil {
		return nil, err
	}
	n, err := h.Deposits.GiveNotice(ctx, api.By(ctx), which, amount, on)
	if err != nil {
		return nil, err
	}
	return with(newNoticeOut(n), nil)
}

type noticeID struct {
	NoticeID string `json:"noticeId" minLength:"1" maxLength:"64"`
}

func (h *handlers) cancelNotice(ctx context.Context, in *ofIDWith[noticeID]) (*none, error) {
	which, err := parse[id.Account](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Deposits.CancelNotice(ctx, api.By(ctx), which, in.Body.NoticeID))
}

type offer struct {
	ID          string    `json:"id"`
	Mine        bool      `json:"mine" doc:"I offer it; else it is offered to me"`
	DepositID   string    `json:"depositId,omitempty" doc:"When it is mine"`
	ProductCode string    `json:"productCode"`
	Principal   api.Money `json:"principal"`
	Rate        string    `json:"rate" example:"0.0155"`
	Percent     string    `json:"percent" example:"1.55"`
	BeganOn     string    `json:"beganOn" format:"date"`
	MaturesOn   string    `json:"maturesOn" format:"date"`
	AtMaturity  api.Money `json:"atMaturity" doc:"Interest that its holder gets on the last day, before tax"`
	Price       api.Money `json:"price"`
	ExpiresOn   string    `json:"expiresOn" format:"date"`
	Yield       string    `json:"yield,omitempty" example:"1.42" doc:"Per cent a year for who buys it at the price and keeps it to its last day"`
	ProductName string    `json:"productName"`
}

func (h *handlers) offers(ctx context.Context, _ *none) (*answer[api.Page[offer]], error) {
	me, locale := api.By(ctx).Customer(), api.CallOf(ctx).Locale
	var all []deposit.Offer
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = h.Deposits.Offers(ctx, tx, me)
		return err
	})
	return with(api.PageOf(list(all, func(o deposit.Offer) offer {
		c := o.Contract
		out := offer{ID: o.ID, Mine: o.Seller == me, ProductCode: c.Product, Principal: api.MoneyOf(c.Principal), Rate: c.Rate.String(), Percent: c.Rate.Percent(),
			BeganOn: day(c.PeriodFrom), MaturesOn: day(c.MaturesOn), AtMaturity: api.MoneyOf(o.Earns), Price: api.MoneyOf(o.Price), ExpiresOn: day(o.ExpiresOn)}
		if out.Mine {
			out.DepositID = string(o.Deposit)
		}
		if o.Yields {
			out.Yield = o.Yield.Percent()
		}
		out.ProductName = o.Terms.Name(locale)
		return out
	}), ""), err)
}

type offerID struct {
	OfferID string `json:"offerId" minLength:"1" maxLength:"64"`
}

func (h *handlers) withdrawOffer(ctx context.Context, in *body[offerID]) (*none, error) {
	return done(h.Deposits.WithdrawOffer(ctx, api.By(ctx), in.Body.OfferID))
}

// goal is what a pot shall save towards, and how.
type goal struct {
	Name     string     `json:"name,omitempty" maxLength:"40" doc:"At most 20 characters"`
	Target   *api.Money `json:"target,omitempty"`
	TargetOn string     `json:"targetOn,omitempty" format:"date" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"`
	RoundTo  *api.Money `json:"roundTo,omitempty" doc:"Payments from the current account are rounded up to this, and the change comes here"`
	Monthly  *api.Money `json:"monthly,omitempty" doc:"Standing sum"`
	Day      int        `json:"day,omitempty" minimum:"0" maximum:"28" doc:"Of the month for the standing sum"`
}

// plan reads what a pot saves towards and how.
func (g *goal) plan() (deposit.Plan, error) {
	if g == nil {
		return deposit.Plan{}, nil
	}
	p := deposit.Plan{Name: g.Name, Day: g.Day}
	var err error
	if p.TargetOn, err = api.ParseDate(g.TargetOn, "/goal/targetOn"); err != nil {
		return p, err
	}
	if g.Target != nil {
		if p.Target, err = g.Target.Parse("/goal/target"); err != nil {
			return p, err
		}
	}
	if g.RoundTo != nil {
		if p.RoundTo, err = g.RoundTo.Parse("/goal/roundTo"); err != nil {
			return p, err
		}
	}
	if g.Monthly != nil {
		p.Monthly, err = g.Monthly.Parse("/goal/monthly")
	}
	return p, err
}
