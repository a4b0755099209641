package app_test

import (
	"net/http"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestLimitsTellWhatAnAccountMayReceive(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		rich, two, three := b.NewPerson(apptest.Has("9000.00")), b.NewPerson(apptest.Class(2)), b.NewPerson(apptest.Class(3))
		rich.Get("/limits").Is(http.StatusOK).Has(`"receiving":[]`)
		two.Get("/limits").Is(http.StatusOK).Has(`{"kind":"class_in_day","most":{"amount":"10000.00"`, `{"kind":"class_in_year","most":{"amount":"200000.00"`).
			Hasnt("class_balance")
		rich.Send(rich.Check(three, "1500.00"), apptest.NewKey()).Is(http.StatusCreated)
		three.Get("/limits").Is(http.StatusOK).Has(
			`"kind":"class_in_day","most":{"amount":"5000.00","currency":"CNY"},"used":{"amount":"1500.00","currency":"CNY"},"left":{"amount":"3500.00","currency":"CNY"},"resetsAt":"2025-03-04T16:00:00Z"`,
			`"kind":"class_in_year","most":{"amount":"100000.00","currency":"CNY"},"used":{"amount":"1500.00"`,
			`"kind":"class_balance","most":{"amount":"2000.00","currency":"CNY"},"used":{"amount":"1500.00","currency":"CNY"},"left":{"amount":"500.00","currency":"CNY"}}`,
		)
		b.Verify()
	})
}
