package console_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// nextDay lets a day pass and brings the one before to its lock.
func nextDay(t *testing.T, b *apptest.Bank) {
	t.Helper()
	b.Pass(24 * time.Hour)
	if err := b.CloseDays(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheEndOfDaysIsFollowedAndHurried(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		b.NewPerson(apptest.Has("1000000.00"))
		early := b.NewColleague(access.RoleOperations)
		early.Get("/days/state").Is(http.StatusOK).Has(`"open":"2025-03-04"`, `"waiting":0`, `"asides":0`)
		early.Get("/days/2025-03-04").Refused(http.StatusConflict, "day.not_cut_off")
		nextDay(t, b) // and whoever was signed in yesterday is not today
		worker, guest, teller := b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleInspector), b.NewColleague(access.RoleTeller)
		teller.Get("/days/state").Refused(http.StatusForbidden, "access.denied")
		guest.Get("/days", apptest.For(access.Inspecting)).Is(http.StatusOK).Has(`"2025-03-05"`, `"OPEN"`, `"LOCKED"`)
		worker.Get("/days?limit=1").Is(http.StatusOK).Has(`"next":"2025-03-05"`)
		worker.Get("/days?limit=1&cursor=2025-03-05").Is(http.StatusOK).Has(`"2025-03-04"`, `"lockedAt"`).Hasnt(`"2025-03-05"`)
		worker.Get("/days/2025-03-04").Is(http.StatusOK).Has(`"deposit.accrue"`, `"done":1`, `"ledger.control"`, `"differences":0`)
		worker.Get("/days/accruals").Is(http.StatusOK).Has(`"kind":"current"`, `"amount":"9.72"`, `"agrees":true`) // a day of 1,000,000.00 at 0.35 %
		worker.Get("/days/asides").Is(http.StatusOK).Has(`"items":[]`)
		key := map[string]any{"date": "2025-03-04", "step": "deposit.accrue", "item": "acct_none"}
		worker.Post("/days/asides/retry", key).Refused(http.StatusNotFound, "day.aside_not_found")
		guest.Post("/days/close", nil).Refused(http.StatusForbidden, "access.denied")
		b.Time.Advance(24 * time.Hour)
		worker = b.NewColleague(access.RoleOperations)
		worker.Post("/days/close", nil).Is(http.StatusNoContent)
		b.Drain()
		worker.Get("/days/state").Is(http.StatusOK).Has(`"open":"2025-03-06"`, `"waiting":0`)
		worker.Get("/days/calendar?year=2026").Is(http.StatusOK).Has(`"known":true`, `{"date":"2026-02-14","worked":true,"differs":true}`, `{"date":"2026-10-01","worked":false,"differs":true}`)
		worker.Get("/days/calendar?year=2150").Is(http.StatusOK).Has(`"known":false`, `"days":[]`)
		b.Verify()
	})
}

func TestTheBooksAreReadAndCorrectedByTwo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.Has("1000000.00"))
		nextDay(t, b)
		one, two := b.NewColleague(access.RoleOperations), b.NewColleague(access.RoleOperations)
		one.Get("/ledger/balance-sheet").Is(http.StatusOK).Has(`"balances":true`, `"1000000.00"`, `"-9.72"`)
		one.Get("/ledger/profit-and-loss?from=2025-03-04&to=2025-03-04").Is(http.StatusOK).Has(`"9.72"`, `"result":{"amount":"-9.72"`)
		one.Get("/ledger/profit-and-loss?from=2025-03-05&to=2025-03-04").Is(http.StatusBadRequest)
		one.Get("/ledger/periods").Is(http.StatusOK).Has(`"items":[]`)

		line := func(account, side, amount string) map[string]any {
			return map[string]any{"account": account, "side": side, "amount": map[string]any{"amount": amount, "currency": "CNY"}}
		}
		found := map[string]any{
			"reference": "memo 7", "reason": "found in the lift", "lines": []any{line("glac_100101_CNY_0001", "debit", "3.00"), line("glac_224101_CNY_0001", "credit", "3.00")},
		}
		asked := one.Post("/ledger/manual-journals", found, apptest.NewKey()).Is(http.StatusCreated).Has(`"waiting"`)
		one.Get("/ledger/suspense").Is(http.StatusOK).Has(`"items":[]`)
		if err := agree(t, b, one, asked.At("id")); err == nil {
			t.Error("who asked agreed himself")
		}
		if err := agree(t, b, two, asked.At("id")); err != nil {
			t.Fatal(err)
		}
		nextDay(t, b)
		one = b.NewColleague(access.RoleOperations)
		one.Get("/ledger/suspense").Is(http.StatusOK).Has(`"glac_224101_CNY_0001"`, `"3.00"`, `"days":1`)
		uneven := map[string]any{"reference": "memo 8", "reason": "one side alone", "lines": []any{line(string(li.Account), "debit", "3.00"), line("glac_224101_CNY_0001", "debit", "3.00")}}
		one.Post("/ledger/manual-journals", uneven, apptest.NewKey()).Refused(http.StatusUnprocessableEntity, "ledger.uneven_manual_journal")
		b.Verify()
	})
}

func TestAProductGetsANewVersionWhenOthersAgree(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		b.NewPerson(apptest.Has("360000.00"))
		designer, officer, watcher := b.NewColleague(access.RoleProductManager), b.NewColleague(access.RoleRiskOfficer), b.NewColleague(access.RoleComplianceOfficer)
		designer.Get("/products").Is(http.StatusOK).Has(`"current_1"`, `"term_1y"`, `"certificate_3y"`)
		zero := map[string]any{"amount": "0.00", "currency": "CNY"}
		wish := map[string]any{"from": "2025-03-10", "tiers": []any{map[string]any{"least": zero, "rate": "0.007"}}}
		// 360,000.00 at 0.35 % and at 0.7 %: 105.00 and 210.00 of 30 days.
		designer.Post("/products/current_1/compare", wish).Is(http.StatusOK).Has(`"contracts":1`, `"affected":1`, `"105.00"`, `"210.00"`)
		designer.Post("/products/term_9y/compare", wish).Refused(http.StatusNotFound, "catalog.no_such_product")
		late := apptest.Change(wish, "from", "2025-03-04")
		designer.Post("/products/current_1/compare", late).Refused(http.StatusUnprocessableEntity, "catalog.version_day")

		asked := designer.Post("/products/current_1/versions", apptest.Change(wish, "reason", "others pay more"), apptest.NewKey()).Is(http.StatusCreated)
		for _, who := range []*apptest.Colleague{officer, watcher} {
			designer.Get("/products/current_1").Is(http.StatusOK).Hasnt(`"0.007"`)
			agreeNext(t, b, who, asked.At("id"))
		}
		designer.Get("/products/current_1").Is(http.StatusOK).Has(`"0.007"`, `"version":2`, string(officer.ID), string(watcher.ID))
		designer.Get("/products").Is(http.StatusOK).Has(`"next":"2025-03-10"`)
		for range 7 {
			nextDay(t, b)
		}
		b.NewColleague(access.RoleProductManager).Get("/products").Is(http.StatusOK).Has(`"rate":"0.007"`)
		b.Verify()
	})
}

// agreeNext lets a colleague agree to the step that a request has come to.
func agreeNext(t *testing.T, b *apptest.Bank, who *apptest.Colleague, request string) {
	t.Helper()
	by := act.By{Kind: act.Staff, Actor: string(who.ID), Channel: act.Console, Branch: act.HeadOffice}
	r, err := b.Approvals.Find(t.Context(), by, id.Approval(request), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = b.Approvals.Decide(t.Context(), by, approval.Decision{Request: r.ID, Agree: true, Hash: r.Hash, Step: r.Step}); err != nil {
		t.Fatal(err)
	}
}
