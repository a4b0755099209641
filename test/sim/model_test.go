package sim_test

import (
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// account is what the model knows of an account, in minor units.
type account struct {
	id     id.Account
	number string
	holder *holder
	class  int

	booked, held int64
	stopped      bool        // by the holder
	restraints   []restraint // by staff, oldest first
	closed       bool
}

// restraint is an order of staff: an amount, or one of the two below.
type restraint struct {
	id    id.Freeze
	minor int64
}

// Kinds of restraint that are not an amount.
const (
	noExit  int64 = -1
	noEntry int64 = -2 // nor exit
)

// holder is a customer of the model.
type holder struct {
	by       act.By
	accounts []*account
}

// transfer is what the model knows of a transfer.
type transfer struct {
	payment.Transfer
	from, to *account
}

func (a *account) available() int64 {
	left := a.booked - a.held
	for _, r := range a.restraints {
		left -= max(r.minor, 0)
	}
	return left
}

// frozen says whether nothing may leave.
func (a *account) frozen() bool {
	for _, r := range a.restraints {
		if r.minor < 0 {
			return true
		}
	}
	return a.stopped
}

// barred says whether nothing may arrive.
func (a *account) barred() bool {
	for _, r := range a.restraints {
		if r.minor == noEntry {
			return true
		}
	}
	return a.closed
}

func (a *account) restrained() bool { return a.stopped || len(a.restraints) > 0 }

// counter names one limit of one period.
type counter struct {
	subject string
	kind    deposit.LimitKind
	period  string
}

// limit is one limit that a payment meets.
type limit struct {
	counter
	most int64
	code string
}

// limits lists what a payment between two accounts meets on a day: written from the regulation, not from the bank's code.
func (w *world) limits(from, to *account, on clock.Date) []limit {
	if from.holder == to.holder {
		return nil
	}
	payer, date, year := string(from.holder.by.Customer()), on.String(), strconv.Itoa(on.Year())
	all := []limit{
		{counter{payer, "mobile_day", date}, w.figure("deposit.limit.mobile_daily_minor"), "limit.daily"},
		{counter{payer, "mobile_year", year}, w.figure("deposit.limit.mobile_yearly_minor"), "limit.yearly"},
	}
	for _, side := range []struct {
		*account
		way, daily, yearly string
	}{{from, "out", "limit.class_daily", "limit.class_yearly"}, {to, "in", "limit.incoming_daily", "limit.incoming_yearly"}} {
		if side.class > 1 {
			kind := deposit.LimitKind("class_" + side.way)
			all = append(all,
				limit{counter{string(side.id), kind + "_day", date}, w.figure(classFigure(side.class, side.way+"_daily")), side.daily},
				limit{counter{string(side.id), kind + "_year", year}, w.figure(classFigure(side.class, side.way+"_yearly")), side.yearly})
		}
	}
	return all
}

// reasons lists the codes for which the bank may refuse a payment; with none it must accept it.
func (s *sim) reasons(from, to *account, minor int64) map[string]bool {
	codes := s.hindered(from, to, minor, 0)
	codes["ledger.insufficient_funds"] = minor > from.available()
	codes["limit.single"] = from.holder != to.holder && minor > s.figure("deposit.limit.mobile_single_minor")
	for _, l := range s.limits(from, to, s.today()) {
		if s.used[l.counter]+minor > l.most {
			codes[l.code] = true
		}
	}
	return codes
}

// hindered are the reasons that stand against money that moves, also when it was held before. Coming is what else may
// have arrived meanwhile.
func (s *sim) hindered(from, to *account, minor, coming int64) map[string]bool {
	capped := to.class == 3 && to.booked+coming+minor > s.figure("deposit.class_3.balance_minor")
	return map[string]bool{
		"deposit.account_closed": from.closed, "ledger.frozen": from.frozen(), "ledger.account_closed": from.closed,
		"payment.payee_cannot_receive": to.barred(), "limit.class_balance": capped,
	}
}

// consume uses limits up, or gives them back when minor is negative.
func (s *sim) consume(from, to *account, on clock.Date, minor int64) {
	for _, l := range s.limits(from, to, on) {
		s.used[l.counter] += minor
		s.touched[l.counter] = true
	}
}
