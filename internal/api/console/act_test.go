package console_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
)

// decide takes the present step of a request as it is shown.
func decide(x *apptest.Colleague, request string, agree bool, reason string) apptest.Answer {
	shown := x.Get("/approvals/" + request)
	if shown.Status != http.StatusOK {
		return shown
	}
	step := 0
	if shown.At("step") == "1" {
		step = 1
	}
	return x.Post("/approvals/"+request+"/decision", map[string]any{"agree": agree, "hash": shown.At("hash"), "step": step, "reason": reason})
}

func TestAnAccountIsRestrainedAndReleasedByTwo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.Has("100.00"))
		risk, compliance := b.NewColleague(access.RoleRiskOfficer), b.NewColleague(access.RoleComplianceOfficer)
		at := "/accounts/" + string(li.Account) + "/restraints"
		order := map[string]any{"kind": "amount", "authority": "海淀法院", "reference": "(2025) 12号", "reason": "协助冻结"}
		risk.Post(at, order, apptest.NewKey()).Refused(http.StatusBadRequest, "deposit.bad_order") // an amount without amount
		order["amount"] = map[string]any{"amount": "60.00", "currency": "CNY"}
		asked := risk.Post(at, order, apptest.NewKey()).Is(http.StatusCreated).Has(`"waiting"`)
		decide(risk, asked.At("id"), true, "").Refused(http.StatusForbidden, "approval.own_request")
		compliance.Get("/approvals/"+asked.At("id")).Is(http.StatusOK).Has("海淀法院", "60.00", `"amount"`)
		decide(compliance, asked.At("id"), true, "").Is(http.StatusOK).Has(`"executed"`)
		page := compliance.Get("/customers/"+string(li.Customer)).Is(http.StatusOK).Has(`"frozen":{"amount":"60.00"`, `"kind":"amount"`, asked.At("id"))

		lifting := map[string]any{"restraint": page.At("accounts.0.restraints.0.id"), "reference": "(2025) 13号", "reason": "协助解除"}
		asked = compliance.Post(at+"/end", lifting, apptest.NewKey()).Is(http.StatusCreated)
		decide(risk, asked.At("id"), false, "").Refused(http.StatusBadRequest, "approval.reason_needed")
		decide(risk, asked.At("id"), true, "").Is(http.StatusOK).Has(`"executed"`)
		compliance.Get("/customers/" + string(li.Customer)).Is(http.StatusOK).Has(`"frozen":{"amount":"0.00"`)
		again := compliance.Post(at+"/end", lifting, apptest.NewKey())
		again.Refused(http.StatusNotFound, "deposit.no_restraint")
	})
}

func TestLimitsNamesAndCopiesAreAskedForAndAgreedTo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{Now: thisYear()}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.Has("100.00"))
		at := "/customers/" + string(li.Customer)
		teller, operations, compliance, second := b.NewColleague(access.RoleTeller), b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleComplianceOfficer), b.NewColleague(access.RoleComplianceOfficer)

		cny := func(amount string) map[string]any { return map[string]any{"amount": amount, "currency": "CNY"} }
		teller.Post(at+"/limits", map[string]any{"single": cny("999999999.00"), "daily": cny("999999999.00"), "reason": "买房"}, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "limit.bad_own_limit")
		asked := teller.Post(at+"/limits", map[string]any{"single": cny("300000.00"), "daily": cny("600000.00"), "reason": "买房"}, apptest.NewKey()).Is(http.StatusCreated)
		decide(operations, asked.At("id"), true, "").Is(http.StatusOK).Has(`"executed"`, "300000.00")
		teller.Get(at).Is(http.StatusOK).Has(`"limits":{"single":{"amount":"300000.00"`)

		wish := map[string]any{"name": li.Name, "document": "户口簿 3", "reason": "依法更名"}
		teller.Post(at+"/name", wish, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "customer.no_new_name")
		wish["name"] = "赵新名"
		asked = teller.Post(at+"/name", wish, apptest.NewKey()).Is(http.StatusCreated).Hasnt("赵新名")
		decide(operations, asked.At("id"), true, "").Is(http.StatusOK).Has(`"executed"`)
		teller.Post("/customers/search", map[string]any{"name": "赵新名"}).Is(http.StatusOK).Has(string(li.Customer))
		teller.Post("/customers/search", map[string]any{"name": li.Name}).Is(http.StatusOK).Hasnt(string(li.Customer))

		order := map[string]any{"authority": "市监察委", "reference": "调 7号", "reason": "依法调取"}
		asked = compliance.Post(at+"/exports", order, apptest.NewKey()).Is(http.StatusCreated)
		compliance.Get("/approvals/"+asked.At("id")+"/file").Refused(http.StatusNotFound, "approval.not_found")
		decide(second, asked.At("id"), true, "").Is(http.StatusOK).Has(`"executed"`)
		file := compliance.Get("/approvals/" + asked.At("id") + "/file").Is(http.StatusOK)
		if !strings.HasPrefix(file.Body, "PK") {
			t.Error("the copy is no ZIP")
		}
		second.Get("/approvals/"+asked.At("id")+"/file").Refused(http.StatusNotFound, "approval.not_found") // who agreed does not get it
		li.Get("/me/access-log").Is(http.StatusOK).Has("customer.access_authority")
	})
}

func TestApproversRaceAndADecisionIsTakenOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		paid := li.Pay(wang, "12.50").Is(http.StatusCreated).At("id")
		asker := b.NewColleague(access.RoleOperations)
		approvers := []*apptest.Colleague{b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleRiskOfficer), b.NewColleague(access.RoleOperations)}
		asked := asker.Post("/payments/"+paid+"/reversal", map[string]any{"reason": "paid twice"}, apptest.NewKey()).Is(http.StatusCreated).At("id")
		shown := approvers[0].Get("/approvals/" + asked).Is(http.StatusOK)
		decision := map[string]any{"agree": true, "hash": shown.At("hash"), "step": 0}
		var all sync.WaitGroup
		answers := make([]apptest.Answer, len(approvers))
		for i, x := range approvers {
			all.Go(func() { answers[i] = x.Post("/approvals/"+asked+"/decision", decision) })
		}
		all.Wait()
		done := 0
		for _, a := range answers {
			switch {
			case a.Status == http.StatusOK:
				done++
			case a.Code() != "approval.ended":
				t.Errorf("lost with %d %s", a.Status, a.Code())
			}
		}
		if booked, _ := li.Balance(); done != 1 || booked != "100.00" {
			t.Errorf("%d decisions were taken, and %s are there", done, booked)
		}
	})
}

func TestAnApprovalThatComesTooLateSaysWhyItNoLongerCan(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li, wang, zhao := b.NewPerson(apptest.Has("100.00")), b.NewPerson(), b.NewPerson()
	first, spent := li.Pay(wang, "12.50").Is(http.StatusCreated).At("id"), li.Pay(wang, "20.00").Is(http.StatusCreated).At("id")
	one, two := b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleRiskOfficer)
	ask := func(payment string) string {
		return one.Post("/payments/"+payment+"/reversal", map[string]any{"reason": "paid twice"}, apptest.NewKey()).Is(http.StatusCreated).At("id")
	}
	a, again, late := ask(first), ask(first), ask(spent)
	decide(two, a, true, "").Is(http.StatusOK).Has(`"executed"`)
	decide(two, again, true, "").Is(http.StatusOK).Has(`"failed"`, `"why":{`) // it was taken back meanwhile
	wang.Pay(zhao, "20.00").Is(http.StatusCreated)
	decide(two, late, true, "").Is(http.StatusOK).Has(`"failed"`, "ledger.insufficient_funds") // the payee has spent it
}

func TestSeveralAreDecidedAndADeputyStandsIn(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	teller, boss, deputy := b.NewColleague(access.RoleTeller), b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleServiceAgent)
	ask := func() string {
		return teller.Post("/customers/"+string(li.Customer)+"/reset", map[string]any{"reason": "lost the phone"}, apptest.NewKey()).Is(http.StatusCreated).At("id")
	}
	seen := func(x *apptest.Colleague, request string) map[string]any {
		return map[string]any{"id": request, "hash": x.Get("/approvals/" + request).Is(http.StatusOK).At("hash"), "step": 0}
	}
	one, two := ask(), ask()
	stale := seen(boss, two)
	stale["hash"] = "other"
	many := map[string]any{"agree": false, "requests": []any{seen(boss, one), stale}}
	boss.Post("/approvals/decisions", many).Is(http.StatusOK).Has("approval.reason_needed")
	many["reason"] = "the branch can do it"
	boss.Post("/approvals/decisions", many).Is(http.StatusOK).Has(`"refused"`, "approval.other_seen")

	deputy.Get("/approvals/" + two).Is(http.StatusNotFound)
	boss.Get("/approvals/deputies").Is(http.StatusOK).Has(string(deputy.ID)).Hasnt(string(boss.ID))
	days := map[string]any{"deputy": boss.ID, "first": "2025-03-04", "last": "2025-03-10"}
	boss.Post("/approvals/delegations", days).Refused(http.StatusUnprocessableEntity, "approval.bad_deputy")
	days["deputy"] = deputy.ID
	given := boss.Post("/approvals/delegations", days).Is(http.StatusCreated).At("id")
	deputy.Get("/approvals/delegations").Is(http.StatusOK).Has(string(boss.ID))
	teller.Post("/approvals/delegations/"+given+"/end", nil).Is(http.StatusNotFound)
	deputy.Get("/approvals/" + two).Is(http.StatusOK) // it waits for him now
	boss.Post("/approvals/delegations/"+given+"/end", nil).Is(http.StatusNoContent)
	deputy.Get("/approvals/" + two).Is(http.StatusNotFound)
}

func TestAPolicyOfApprovalIsChangedUnderApproval(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
	admin, compliance := b.NewColleague(access.RoleAdministrator), b.NewColleague(access.RoleComplianceOfficer)
	admin.Get("/approvals/policies").Is(http.StatusOK).Has(`"payment.reverse"`, `"least":1`)
	step := func(role string) map[string]any { return map[string]any{"roles": []string{role}} }
	policy := map[string]any{"kind": "payment.reverse", "reason": "two pairs of eyes more", "bands": []any{map[string]any{"fromMinor": 0, "steps": []any{}}}}
	admin.Post("/approvals/policies", policy, apptest.NewKey()).Refused(http.StatusBadRequest, "approval.bad_policy")
	policy["bands"] = []any{map[string]any{"fromMinor": 0, "steps": []any{step("operations"), step("risk_officer")}}}
	asked := admin.Post("/approvals/policies", policy, apptest.NewKey()).Is(http.StatusCreated).At("id")
	decide(compliance, asked, true, "").Is(http.StatusOK).Has(`"executed"`)

	paid := li.Pay(wang, "12.50").Is(http.StatusCreated).At("id")
	asker, one, two := b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleRiskOfficer)
	reversal := asker.Post("/payments/"+paid+"/reversal", map[string]any{"reason": "paid twice"}, apptest.NewKey()).Is(http.StatusCreated).At("id")
	decide(one, reversal, true, "").Is(http.StatusOK).Has(`"waiting"`)
	decide(two, reversal, true, "").Is(http.StatusOK).Has(`"executed"`)
}
