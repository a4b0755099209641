package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// agree lets a colleague agree to a request.
func agree(t *testing.T, b *apptest.Bank, who *apptest.Colleague, request string) error {
	t.Helper()
	by := act.By{Kind: act.Staff, Actor: string(who.ID), Channel: act.Console, Branch: act.HeadOffice}
	r, err := b.Approvals.Find(t.Context(), by, id.Approval(request), true)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Approvals.Decide(t.Context(), by, approval.Decision{Request: r.ID, Agree: true, Hash: r.Hash})
	return err
}

func TestSigningInTakesTwoFactorsAndHoldsOnOneDevice(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	x := b.NewColleague(access.RoleTeller)
	x.Get("/session").Is(http.StatusOK).Has(`"customer.view"`).Hasnt(`"payment.decide_held"`)
	b.Time.Advance(time.Minute) // the code of this minute is used up
	other := b.Staff()
	half := other.Post("/sessions/password", map[string]any{"mail": x.Mail, "password": apptest.Password}).Is(http.StatusOK)
	half.Has(`"second_factor"`, `"totp"`)
	other.Get("/session").Refused(http.StatusUnauthorized, "session.required")
	second := func(code string) apptest.Answer {
		return other.Post("/sessions/second-factor", map[string]any{"ticket": half.At("ticket"), "method": "totp", "code": code})
	}
	second("000000").Refused(http.StatusUnauthorized, "auth.wrong_credentials")
	second(x.Code()).Is(http.StatusOK).Has(`"signed_in"`)
	other.Get("/session").Is(http.StatusOK)

	thief := b.Staff()
	thief.SetCookie("__Host-tongbao_console", other.Cookie("__Host-tongbao_console"))
	thief.Get("/session").Refused(http.StatusUnauthorized, "session.required")

	b.Time.Advance(20 * time.Minute)
	other.Get("/session").Refused(http.StatusUnauthorized, "session.required")
}

func TestAPersonIsFoundSeenMaskedAndRevealedForAReason(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		li.Pay(wang, "12.50").Is(http.StatusCreated)
		teller := b.NewColleague(access.RoleTeller)
		for field, value := range map[string]string{"contact": li.Phone, "idNumber": li.IDNumber, "account": li.Number, "name": li.Name} {
			teller.Post("/customers/search", map[string]any{field: value}).Is(http.StatusOK).Has(string(li.Customer)).Hasnt(li.Private()...)
		}
		teller.Post("/customers/search", map[string]any{"name": li.Name, "contact": li.Phone}).Refused(http.StatusBadRequest, "console.one_search")
		teller.Post("/customers/search", map[string]any{"contact": "13012345678"}).Is(http.StatusOK).Has(`"items":[]`)

		page := teller.Get("/customers/" + string(li.Customer)).Is(http.StatusOK)
		page.Hasnt(append(li.Private(), wang.Private()...)...)
		page.Has(`"87.50"`, `"transactions":[{`, `"consents":[{`, `"timeline":[{`)

		reveal := map[string]any{"field": "phone", "reason": "recognise", "note": "stands before me"}
		a := teller.Post("/customers/"+string(li.Customer)+"/reveals", reveal).Is(http.StatusOK)
		if !strings.HasSuffix(a.At("value"), li.Phone) || a.At("left") != "49" {
			t.Errorf("revealed %s", a.Body)
		}
		number := map[string]any{"field": "account_number", "account": li.Account, "reason": "asked", "note": "wants it printed"}
		teller.Post("/customers/"+string(li.Customer)+"/reveals", number).Is(http.StatusOK).Has(li.Number)
		number["account"] = wang.Account
		teller.Post("/customers/"+string(li.Customer)+"/reveals", number).Is(http.StatusNotFound)
		reveal["note"] = " "
		teller.Post("/customers/"+string(li.Customer)+"/reveals", reveal).Is(http.StatusBadRequest)
		li.Get("/me/access-log").Is(http.StatusOK).Has("customer.access_recognise", "customer.fields_phone")
	})
}

func TestStaffOfAnotherBranchFindNobody(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	if _, err := b.Access.OpenBranch(t.Context(), act.Job("test"), access.NewBranch{Code: "0200", Parent: act.HeadOffice, Name: "South"}); err != nil {
		t.Fatal(err)
	}
	teller := b.NewColleagueAt("0200", access.RoleTeller)
	teller.Post("/customers/search", map[string]any{"contact": li.Phone}).Is(http.StatusOK).Has(`"items":[]`)
	teller.Get("/customers/"+string(li.Customer)).Refused(http.StatusNotFound, "customer.unknown")
	reveal := map[string]any{"field": "phone", "reason": "asked", "note": "curious about her"}
	teller.Post("/customers/"+string(li.Customer)+"/reveals", reveal).Refused(http.StatusNotFound, "customer.unknown")
	teller.Get("/branches").Is(http.StatusOK).Has(`"0200"`).Hasnt(`"code":"0001"`)
	auditor := b.NewColleagueAt("0200", access.RoleAuditor)
	auditor.Get("/audit").Refused(http.StatusForbidden, "access.denied") // the log is the whole bank's
}

func TestARoleIsGivenOnlyWhenAnotherAgrees(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	one, two, who := b.NewColleague(access.RoleAdministrator), b.NewColleague(access.RoleAdministrator), b.NewColleague()
	who.Get("/audit").Refused(http.StatusForbidden, "access.denied")
	wish := map[string]any{"role": "auditor", "branch": act.HeadOffice, "reason": "the yearly audit"}
	asked := one.Post("/staff/"+string(who.ID)+"/roles", wish, apptest.NewKey()).Is(http.StatusCreated).Has(`"waiting"`)
	one.Post("/staff/"+string(one.ID)+"/roles", wish, apptest.NewKey()).Refused(http.StatusForbidden, "access.denied")
	if err := agree(t, b, one, asked.At("id")); err == nil {
		t.Error("who asked agreed himself")
	}
	who.Get("/audit").Refused(http.StatusForbidden, "access.denied")
	if err := agree(t, b, two, asked.At("id")); err != nil {
		t.Fatal(err)
	}
	who.Get("/audit").Is(http.StatusOK).Has("access.assign_role")
}

func TestATransferIsTakenBackByTwo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		paid := li.Pay(wang, "12.50").Is(http.StatusCreated).At("id")
		one, two := b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleOperations)
		one.Get("/payments/"+paid).Is(http.StatusOK).Has(`"settled"`, `"debit"`, `"credit"`, "payment.send").Hasnt(append(li.Private(), wang.Private()...)...)
		asked := one.Post("/payments/"+paid+"/reversal", map[string]any{"reason": "paid twice"}, apptest.NewKey()).Is(http.StatusCreated)
		if booked, _ := li.Balance(); booked != "87.50" {
			t.Errorf("%s before anybody agreed", booked)
		}
		if err := agree(t, b, two, asked.At("id")); err != nil {
			t.Fatal(err)
		}
		if booked, _ := li.Balance(); booked != "100.00" {
			t.Errorf("%s after it was taken back", booked)
		}
		one.Get("/payments/"+paid).Is(http.StatusOK).Has(`"reversed"`, `"reverses"`)
	})
}

func TestWhoIsDismissedIsOutAtOnce(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	admin, teller := b.NewColleague(access.RoleAdministrator), b.NewColleague(access.RoleTeller)
	teller.Get("/session").Is(http.StatusOK)
	admin.Post("/staff/"+string(admin.ID)+"/dismiss", map[string]any{"reason": "tired"}).Refused(http.StatusForbidden, "access.denied")
	admin.Post("/staff/"+string(teller.ID)+"/dismiss", map[string]any{"reason": "left the bank"}).Is(http.StatusNoContent)
	teller.Get("/session").Refused(http.StatusUnauthorized, "session.required")
	admin.Get("/staff/"+string(teller.ID)).Is(http.StatusOK).Has(`"left"`, `"roles":[]`)
}

func TestLookingAtAColleagueIsToldToCompliance(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	admin, agent, other := b.NewColleague(access.RoleAdministrator), b.NewColleague(access.RoleServiceAgent), b.NewColleague(access.RoleTeller)
	officer := b.NewColleague(access.RoleComplianceOfficer)
	admin.Post("/staff/"+string(other.ID)+"/ties", map[string]any{"customer": li.Customer, "kind": "self"}).Is(http.StatusNoContent)
	reveal := map[string]any{"field": "phone", "reason": "asked", "note": "asks for a card"}
	agent.Post("/customers/"+string(li.Customer)+"/reveals", reveal).Is(http.StatusOK)
	other.Get("/customers/"+string(li.Customer)).Refused(http.StatusForbidden, "access.denied") // his own, as staff
	all := officer.Get("/alerts").Is(http.StatusOK).Has(`"colleague"`, string(agent.ID))
	officer.Get("/staff/" + string(agent.ID) + "/looks").Is(http.StatusOK).Has("asks for a card")
	officer.Post("/alerts/"+all.At("items.0.id")+"/close", map[string]any{"finding": "work", "reason": "a card was asked for"}).Is(http.StatusNoContent)
	officer.Get("/alerts").Is(http.StatusOK).Has(`"items":[]`)
	agent.Get("/alerts").Refused(http.StatusForbidden, "access.denied")
}

func TestThePoliciesExplainThemselves(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	admin, teller := b.NewColleague(access.RoleAdministrator), b.NewColleague(access.RoleTeller)
	ask := map[string]any{"staff": teller.ID, "permission": "customer.view", "purpose": "marketing"}
	admin.Post("/policies/try", ask).Is(http.StatusOK).Has(`"allowed":false`, `"teller.serve"`)
	ask["purpose"] = "service"
	admin.Post("/policies/try", ask).Is(http.StatusOK).Has(`"allowed":true`, `"reasons":["teller.serve"]`)
	admin.Get("/policies").Is(http.StatusOK).Has("permit (", `"administration"`)
}

func TestTheBooksTheLogAndTheMachineryAreRead(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		li.Pay(wang, "12.50").Is(http.StatusCreated)
		x := b.NewColleague(access.RoleAuditor)
		x.Get("/ledger/chart").Is(http.StatusOK)
		x.Get("/ledger/trial-balance").Is(http.StatusOK).Has(`"lines":[{`)
		first := x.Get("/ledger/accounts/" + string(li.Account) + "/entries?limit=1").Is(http.StatusOK).Has(`"12.50"`)
		x.Get("/ledger/accounts/" + string(li.Account) + "/entries?limit=1&cursor=" + first.At("next")).Is(http.StatusOK).Has(`"100.00"`)
		x.Get("/ledger/journals/"+first.At("items.0.journal")).Is(http.StatusOK).Has(`"debit"`, `"credit"`)
		x.Get("/ledger/accounts/nothing/entries").Is(http.StatusNotFound)
		if _, err := b.Audit.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		log := x.Get("/audit?customer=" + string(li.Customer)).Is(http.StatusOK).Has("payment.send")
		x.Get("/audit/" + log.At("items.0.id") + "/proof").Is(http.StatusOK).Has("checkpoint")
		x.Get("/audit/state").Is(http.StatusOK)
		x.Get("/system").Is(http.StatusOK).Has(`"businessDate":"2025-03-04"`)
		x.Get("/system/dead-jobs").Is(http.StatusOK)
		x.Get("/system/dead-letters").Is(http.StatusOK)
		x.Post("/system/dead-jobs/none/retry", nil).Refused(http.StatusForbidden, "access.denied")
	})
}
