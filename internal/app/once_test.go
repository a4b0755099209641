package app_test

import (
	"net/http"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestOpeningClosingAndCancellingAreDoneOnceHoweverOftenTheyAreSent(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("100.00")), b.NewPerson()
		open, key := map[string]any{"productCode": "current_2"}, apptest.NewKey()
		opened := oneOf(t, race(6, func(int) apptest.Answer { return li.Post("/accounts", open, key) }), http.StatusCreated)
		li.Post("/accounts", open, key).Is(http.StatusCreated).Has(opened)
		li.Post("/accounts", apptest.Change(open, "productCode", "current_3"), key).Refused(http.StatusUnprocessableEntity, "once.key_reused").Hasnt(opened)

		late := li.Send(li.Post("/transfers/check", apptest.Change(li.Draft(wang, "7.00"), "arrival", "next_day"))).Is(http.StatusCreated).At("id")
		later := li.Send(li.Post("/transfers/check", apptest.Change(li.Draft(wang, "8.00"), "arrival", "next_day"))).Is(http.StatusCreated).At("id")
		key = apptest.NewKey()
		if got := oneOf(t, race(6, func(int) apptest.Answer { return li.Post("/transfers/"+late+"/cancel", nil, key) }), http.StatusOK); got != late {
			t.Errorf("cancelled %s instead of %s", got, late)
		}
		li.Post("/transfers/"+later+"/cancel", nil, key).Refused(http.StatusUnprocessableEntity, "once.key_reused")
		li.Get("/transfers/" + later).Is(http.StatusOK).Has(`"state":"delayed"`)

		key = apptest.NewKey()
		if got := oneOf(t, race(6, func(int) apptest.Answer { return li.Post("/accounts/"+opened+"/close", nil, key) }), http.StatusOK); got != opened {
			t.Errorf("closed %s instead of %s", got, opened)
		}
		li.Post("/accounts/"+opened+"/close", nil, key).Is(http.StatusOK).Has(`"state":"closed"`)
		li.Post("/accounts/"+opened+"/close", nil, apptest.NewKey()).Refused(http.StatusConflict, "deposit.account_closed")

		for _, path := range []string{"/accounts", "/accounts/" + opened + "/close", "/transfers/" + later + "/cancel"} {
			li.Post(path, nil).Refused(http.StatusBadRequest, "request.required").Has("Idempotency-Key")
			li.Post(path, nil, apptest.Key("short")).Refused(http.StatusBadRequest, "request.bad_value").Has("Idempotency-Key")
		}
		b.Verify()
	})
}

// oneOf checks that all answers are of one status, or that the first was still under way, and speak of one thing: its id.
func oneOf(t *testing.T, answers []apptest.Answer, status int) string {
	t.Helper()
	which := ""
	for _, a := range answers {
		if a.Status == http.StatusConflict && a.Code() == "once.running" {
			continue
		}
		a.Is(status)
		if which == "" {
			which = a.At("id")
		}
		if a.At("id") != which {
			t.Errorf("%s answers %s and %s", a.What, which, a.At("id"))
		}
	}
	if which == "" {
		t.Error("nobody got an answer")
	}
	return which
}
