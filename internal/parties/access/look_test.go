package access_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

var whole = access.Scope{Path: "/0001/"}

func look(customer id.Customer) access.Look {
	return access.Look{
		Customer: customer, Branch: "0200", Field: access.FieldPhone, Reason: access.ReasonAsked, Note: "asks for a new card",
		Purpose: access.ServingPeople,
	}
}

// reveal looks, and says whether the field was shown.
func (b *bank) reveal(who id.Staff, l access.Look) (bool, error) {
	shown := false
	err := b.access.Reveal(b.t.Context(), staff(who), l, func(*db.Tx) error { shown = true; return nil })
	return shown, err
}

// alerts counts the open alerts by kind.
func (b *bank) alerts() map[access.AlertKind]int {
	b.t.Helper()
	all, err := b.access.Alerts(b.t.Context(), whole, true, "", 100)
	b.must(err)
	kinds := map[access.AlertKind]int{}
	for _, a := range all {
		kinds[a.Kind]++
	}
	return kinds
}

func TestALookIsKeptWithItsReason(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		agent := b.hire(access.RoleServiceAgent, "0200")
		shown, err := b.reveal(agent, look(li))
		b.must(err)
		all, err := b.access.Looks(t.Context(), agent, "", 10)
		b.must(err)
		if !shown || len(all) != 1 || all[0].Note != "asks for a new card" || all[0].Customer != li || all[0].Field != access.FieldPhone {
			t.Errorf("shown %v, looks %+v", shown, all)
		}
		if left, err := b.access.Left(t.Context(), agent); err != nil || left != 49 {
			t.Errorf("%d left, %v", left, err)
		}
		if kinds := b.alerts(); len(kinds) != 0 {
			t.Errorf("a look at work raised %v", kinds)
		}
		for name, spoil := range map[string]func(*access.Look){
			"no reason":      func(l *access.Look) { l.Reason = "" },
			"no words":       func(l *access.Look) { l.Note = "  x " },
			"no such field":  func(l *access.Look) { l.Field = "shoe size" },
			"not his branch": func(l *access.Look) { l.Branch = "0300" },
			"not his work":   func(l *access.Look) { l.Purpose = access.Complying },
		} {
			l := look(li)
			spoil(&l)
			if shown, err := b.reveal(agent, l); err == nil || shown {
				t.Errorf("%s: shown %v, %v", name, shown, err)
			}
		}
		if n := b.out.recorded("access.look", audit.Refused); n != 2 {
			t.Errorf("%d refusals recorded", n)
		}
	})
}

func TestManyLooksAreToldToComplianceAndThenEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		officer, agent := b.hire(access.RoleComplianceOfficer, act.HeadOffice), b.hire(access.RoleServiceAgent, "0200")
		var wg sync.WaitGroup
		errs := make([]error, 55)
		for i := range errs { // all at once: the limit is a counter, not a guess
			wg.Add(1)
			go func() { defer wg.Done(); _, errs[i] = b.reveal(agent, look(li)) }()
		}
		wg.Wait()
		refused := 0
		for _, err := range errs {
			switch {
			case errors.Is(err, access.ErrLooks):
				refused++
			case err != nil:
				t.Error(err)
			}
		}
		if refused != 5 {
			t.Errorf("%d of 55 looks were refused", refused)
		}
		if kinds := b.alerts(); kinds[access.AlertMany] != 1 || len(kinds) != 1 {
			t.Errorf("alerts %v", kinds)
		}
		if mails := b.out.mailed(access.TemplateAlert); len(mails) != 1 || mails[0].To != b.mailOf(officer) {
			t.Errorf("mails %v", mails)
		}
		b.clock.Advance(24 * time.Hour)
		if shown, err := b.reveal(agent, look(li)); err != nil || !shown {
			t.Errorf("the next day: %v, %v", shown, err)
		}
	})
}

func TestLooksAtOnesOwnRelativesAndColleaguesAndAtNightRaiseAlerts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		admin, agent, other := b.hire(access.RoleAdministrator, act.HeadOffice), b.hire(access.RoleServiceAgent, act.HeadOffice), b.hire(access.RoleTeller, "0200")
		tie := func(who id.Staff, c id.Customer, k access.TieKind) {
			b.must(b.access.Tie(t.Context(), staff(admin), who, access.Tie{Customer: c, Kind: k}))
		}
		tie(agent, "cust_me", access.TieSelf)
		tie(agent, "cust_aunt", access.TieRelative)
		tie(other, "cust_colleague", access.TieSelf)
		for _, tc := range []struct {
			customer id.Customer
			shown    bool
			kind     access.AlertKind
			later    time.Duration
		}{
			{"cust_me", false, access.AlertOwn, 0},
			{"cust_aunt", false, access.AlertRelative, 0},
			{"cust_colleague", true, access.AlertColleague, 0},
			{"cust_wang", true, access.AlertHours, 11 * time.Hour}, // 23:00
		} {
			before := b.alerts()[tc.kind]
			b.clock.Advance(tc.later)
			shown, err := b.reveal(agent, look(tc.customer))
			if shown != tc.shown || (err == nil) != tc.shown {
				t.Errorf("%s: shown %v, %v", tc.customer, shown, err)
			}
			if got := b.alerts()[tc.kind]; got != before+1 {
				t.Errorf("%s: %d alerts of kind %s, before %d", tc.customer, got, tc.kind, before)
			}
		}
	})
}

func TestAnAlertIsClosedWithAFindingByAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		admin, agent, officer := b.hire(access.RoleAdministrator, act.HeadOffice), b.hire(access.RoleServiceAgent, "0200"), b.hire(access.RoleComplianceOfficer, act.HeadOffice)
		b.must(b.access.Tie(t.Context(), staff(admin), agent, access.Tie{Customer: li, Kind: access.TieSelf}))
		_, err := b.reveal(agent, look(li))
		b.want(err, access.ErrDenied)
		all, err := b.access.Alerts(t.Context(), whole, true, "", 10)
		b.must(err)
		by := staff(officer).Because("spoke with her")
		b.want(b.access.CloseAlert(t.Context(), by, whole, all[0].ID, "perhaps"), access.ErrFinding)
		b.want(b.access.CloseAlert(t.Context(), staff(officer), whole, all[0].ID, access.FindingMinor), access.ErrReason)
		b.want(b.access.CloseAlert(t.Context(), staff(agent).Because("it was nothing"), whole, all[0].ID, access.FindingWork), access.ErrSelf)
		b.want(b.access.CloseAlert(t.Context(), by, access.Scope{Path: "/0001/0300/"}, all[0].ID, access.FindingMinor), access.ErrAlert)
		b.must(b.access.CloseAlert(t.Context(), by, whole, all[0].ID, access.FindingMinor))
		b.want(b.access.CloseAlert(t.Context(), by, whole, all[0].ID, access.FindingMinor), access.ErrAlert)
		if kinds := b.alerts(); len(kinds) != 0 {
			t.Errorf("still open: %v", kinds)
		}
	})
}
