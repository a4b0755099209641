package compliance_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/oversight/compliance"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/values/act"
)

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveRing()
	os.Exit(code)
}

// busy lets staff do what a report tells of: reveals, a refused one, a request that was refused, books that were examined.
func busy(t *testing.T, b *apptest.Bank) (auditor *apptest.Colleague) {
	t.Helper()
	li := b.NewPerson(apptest.Has("100.00"))
	agent, risk, officer := b.NewColleague(access.RoleServiceAgent), b.NewColleague(access.RoleRiskOfficer), b.NewColleague(access.RoleComplianceOfficer)
	auditor = b.NewColleague(access.RoleAuditor)
	look := func(field string) map[string]any {
		return map[string]any{"field": field, "reason": "asked", "note": "he asked at the counter"}
	}
	agent.Post("/customers/"+string(li.Customer)+"/reveals", look("phone")).Is(http.StatusOK)
	agent.Post("/customers/"+string(li.Customer)+"/reveals", look("name")).Is(http.StatusOK)
	risk.Post("/customers/"+string(li.Customer)+"/freeze", map[string]any{"reason": "looks odd"}, apptest.Header{"Idempotency-Key", "freeze-1"}).Is(http.StatusCreated)
	waiting := officer.Get("/approvals", apptest.For(access.Complying)).Is(http.StatusOK)
	answer := map[string]any{"agree": false, "hash": waiting.At("items.0.hash"), "step": 0, "reason": "no ground for it"}
	officer.Post("/approvals/"+waiting.At("items.0.id")+"/decision", answer, apptest.For(access.Complying)).Is(http.StatusOK)
	auditor.Post("/ledger/examinations", map[string]any{}).Is(http.StatusCreated)
	b.Drain()
	for range 400 {
		if auditor.Get("/ledger/examinations").At("items.0.state") != "running" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := b.Audit.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	return auditor
}

func TestTheAuditReportOfAMonthSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		auditor := busy(t, b)
		first, err := clock.ParseDate("2025-03-01")
		if err != nil {
			t.Fatal(err)
		}
		told, err := b.Compliance.TellFigures(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		if told.Reveals != 2 || told.RevealsRefused != 0 || told.Done == 0 || told.Sealed == 0 || told.People < 4 {
			t.Errorf("told %+v", told)
		}
		if told.Approvals["customer.freeze_for_bank refused"] != 1 || told.Books["holds"] != 1 || len(told.Taken) != 0 {
			t.Errorf("told %+v", told)
		}
		for _, name := range told.Names {
			if name != "L*n" {
				t.Errorf("name %q is not masked", name)
			}
		}
		for _, l := range []i18n.Locale{i18n.ZhHans, i18n.ZhHant, i18n.En} {
			by := act.By{Kind: act.Staff, Actor: string(auditor.ID), Channel: act.Console, Branch: act.HeadOffice}
			paper, err := b.Compliance.AuditReport(t.Context(), by, "2025-03", l)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := pdf.Signature(paper); err != nil {
				t.Errorf("signature: %v", err)
			}
			if folder := os.Getenv("PAPERS"); folder != "" {
				_ = os.WriteFile(folder+"/report-"+string(l)+".pdf", paper, 0o600)
			}
		}
		auditor.Get("/audit/export").Is(http.StatusOK)
		if told, err = b.Compliance.TellFigures(t.Context(), first); err != nil || told.Taken["2025-03"] != 3 || told.Taken["console.export.audit"] != 1 {
			t.Errorf("the reports do not stand in the log: %+v, %v", told.Taken, err)
		}
		if told, err = b.Compliance.TellFigures(t.Context(), first.AddMonths(-1)); err != nil || told.Done != 0 || len(told.Approvals) != 0 {
			t.Errorf("the month before: %+v, %v", told, err)
		}
	})
}

func TestAMonthThatIsNoneHasNoReport(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		for _, month := range []string{"", "2025-13", "2025-3", "1999-12", "2025-04", "2025-03-01", "../03"} {
			if _, err := b.Compliance.AuditReport(t.Context(), act.Job("test"), month, i18n.En); !errors.Is(err, compliance.ErrMonth) {
				t.Errorf("%q: %v", month, err)
			}
		}
	})
}

func TestThePaperIsForThoseWhoMayTakeTheLogOut(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		auditor, officer := b.NewColleague(access.RoleAuditor), b.NewColleague(access.RoleComplianceOfficer)
		for _, x := range []*apptest.Colleague{auditor, officer} {
			a := x.Get("/audit/report.pdf?month=2025-03", purposeOf(x == officer)).Is(http.StatusOK)
			if a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Body, "%PDF-") || !strings.Contains(a.Header.Get("Content-Disposition"), "audit-2025-03.pdf") {
				t.Errorf("%v", a.Header)
			}
		}
		auditor.Get("/audit?staff="+string(officer.ID)).Is(http.StatusOK).Has(compliance.ActReport, `"subject":"2025-03"`)
		auditor.Get("/audit/report.pdf?month=2025-04").Refused(http.StatusBadRequest, "compliance.bad_month")
		auditor.Get("/audit/report.pdf?month=march").Is(http.StatusBadRequest)
		auditor.Get("/audit/report.pdf").Is(http.StatusBadRequest)
		b.NewColleague(access.RoleInspector).Get("/audit/report.pdf?month=2025-03").Refused(http.StatusForbidden, "access.denied")
		b.NewColleague(access.RoleTeller).Get("/audit/report.pdf?month=2025-03").Refused(http.StatusForbidden, "access.denied")
		b.Staff().Get("/audit/report.pdf?month=2025-03").Is(http.StatusUnauthorized)
	})
}

func purposeOf(compliance bool) apptest.Header {
	if compliance {
		return apptest.For(access.Complying)
	}
	return apptest.For(access.Inspecting)
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	texts := compliance.Texts()
	if holes := i18n.NewCatalog(texts).Missing(); len(texts) == 0 || len(holes) > 0 {
		t.Errorf("%d texts, holes: %q", len(texts), holes)
	}
}
