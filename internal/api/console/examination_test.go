package console_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
)

func TestTheBooksAreVerifiedOnAButton(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		b.NewPerson(apptest.Has("100.00"))
		x := b.NewColleague(access.RoleOperations)
		x.Post("/ledger/examinations", map[string]any{"later": true}).Refused(http.StatusUnprocessableEntity, "ledger.no_locked_day")
		x.Post("/ledger/examinations", map[string]any{"from": "acct'; --"}).Is(http.StatusBadRequest)
		asked := x.Post("/ledger/examinations", map[string]any{}).Is(http.StatusCreated).Has(`"running"`)
		for range 200 {
			if x.Get("/ledger/examinations/"+asked.At("id")).At("state") != "running" {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		x.Get("/ledger/examinations/"+asked.At("id")).Is(http.StatusOK).Has(`"state":"holds"`, `"endedAt"`).Hasnt(`"journals":0`, `"breach"`)
		b.NewColleague(access.RoleAuditor).Get("/ledger/examinations").Is(http.StatusOK).Has(asked.At("id"))
		b.NewColleague(access.RoleTeller).Post("/ledger/examinations", map[string]any{}).Refused(http.StatusForbidden, "access.denied")
	})
}
