package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

// Whoever asks from outside gets the same answer, to the byte but for what is drawn by lot, whether a number is a customer's or not.
func TestOutsideACustomerAndAStrangerLookAlike(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson()
		const stranger = "13912345678"
		alike := func(what string, ask func(phone string) apptest.Answer) {
			t.Helper()
			known, unknown := ask(li.Phone), ask(stranger)
			if known.Status != unknown.Status || known.Code() != unknown.Code() || known.At("detail") != unknown.At("detail") || len(known.Body) != len(unknown.Body) ||
				known.Header.Get("Retry-After") != unknown.Header.Get("Retry-After") {
				t.Errorf("%s: %d %s\nand for a stranger %d %s", what, known.Status, known.Body, unknown.Status, unknown.Body)
			}
			known.Hasnt(li.Private()...)
		}
		for _, purpose := range []string{"register", "sign_in", "password_reset", "lost_phone"} {
			b.Pass(time.Hour)
			sent := make(map[string]apptest.Answer)
			alike(purpose, func(phone string) apptest.Answer {
				sent[phone] = b.Native().Post("/codes", map[string]any{"purpose": purpose, "phone": phone}).Is(http.StatusCreated)
				return sent[phone]
			})
			alike(purpose+" again at once", func(phone string) apptest.Answer {
				return b.Native().Post("/codes", map[string]any{"purpose": purpose, "phone": phone})
			})
			if purpose == "sign_in" {
				alike("a wrong code", func(phone string) apptest.Answer {
					return b.Native().Post("/sessions/code", map[string]any{"challengeId": sent[phone].At("challengeId"), "code": "no"})
				})
			}
		}
		for range 7 { // beyond the lock, which comes at the same try
			alike("a wrong password", func(phone string) apptest.Answer {
				return b.Native().Post("/sessions/password", map[string]any{"identifier": phone, "password": "wrong password 1"})
			})
		}
	})
}
