package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

// Whoever took a password over must not empty the account within the day, whatever he prepared before.
func TestAChangedFactorCutsWhatGoesOutForADay(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("30000.00")), b.NewPerson()
		acquainted(b, li, wang)
		li.Get("/limits").Is(http.StatusOK).Hasnt("reducedUntil")
		before := li.Check(wang, "6000.00").Is(http.StatusOK).Hasnt("payment.warn_reduced")
		li.Post("/password", map[string]any{"newPassword": "another-2025-secret"}, li.StepUp("password.change")).Is(http.StatusNoContent)

		li.Get("/limits").Is(http.StatusOK).Has(`"reducedUntil":"2025-03-06T`)
		li.Send(before).Refused(http.StatusUnprocessableEntity, "limit.single") // prepared before the change
		li.Check(wang, "5000.01").Refused(http.StatusUnprocessableEntity, "limit.single")
		for range 4 { // a tenth of 50,000 each time, and of 200,000 a day
			li.Send(li.Check(wang, "5000.00").Is(http.StatusOK).Has("payment.warn_reduced")).Is(http.StatusCreated).Has(`"state":"settled"`)
		}
		li.Check(wang, "1.00").Refused(http.StatusUnprocessableEntity, "limit.daily")
		has(t, li, "9999.99", "9999.99")

		b.Pass(24*time.Hour + time.Minute)
		li.SignIn()
		li.Get("/limits").Is(http.StatusOK).Hasnt("reducedUntil")
		li.Send(li.Check(wang, "6000.00").Is(http.StatusOK).Hasnt("payment.warn_reduced")).Is(http.StatusCreated).Has(`"state":"settled"`)
		has(t, li, "3999.99", "3999.99")
		b.Verify()
	})
}
