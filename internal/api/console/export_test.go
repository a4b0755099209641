package console_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/tongbao/tongbao/internal/app/apptest"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
)

// rows reads a CSV file of the console: its mark, its headings, its lines.
func rows(t *testing.T, a apptest.Answer) (mark string, head []string, lines [][]string) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.Body), "\ufeff")))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatalf("%q, %v", a.Body, err)
	}
	return all[0][0], all[1], all[2:]
}

func TestAListLeavesTheBankMarkedAndRecorded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li, wang := b.NewPerson(apptest.Has("500.00")), b.NewPerson()
		for range 3 {
			li.Pay(wang, "1.00").Is(http.StatusCreated)
		}
		auditor := b.NewColleague(access.RoleAuditor)
		mark, head, lines := rows(t, auditor.Get("/audit/export?customer="+string(li.Customer)).Is(http.StatusOK))
		if !strings.Contains(mark, string(auditor.ID)) || !strings.Contains(mark, "audt_") || len(head) != 13 || len(lines) < 5 {
			t.Errorf("%q %q and %d lines", mark, head, len(lines))
		}
		auditor.Get("/audit?staff="+string(auditor.ID)).Is(http.StatusOK).Has(access.ActTakeFile, "console.export.audit", string(li.Customer))

		operator := b.NewColleague(access.RoleOperations)
		_, _, lines = rows(t, operator.Get("/ledger/accounts/"+string(li.Account)+"/entries/export").Is(http.StatusOK))
		if len(lines) != 4 || lines[0][8] != "1.00" {
			t.Errorf("entries %q", lines)
		}
		_, _, lines = rows(t, operator.Get("/ledger/trial-balance/export").Is(http.StatusOK))
		if len(lines) == 0 {
			t.Error("no trial balance")
		}
		book, err := excelize.OpenReader(bytes.NewReader([]byte(operator.Get("/ledger/trial-balance/export?form=xlsx").Is(http.StatusOK).Body)))
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := book.GetRows(book.GetSheetName(0))
		if err != nil || len(sheet) != len(lines)+2 {
			t.Errorf("%d rows of Excel, %v", len(sheet), err)
		}

		operator.Get("/audit/export").Refused(http.StatusForbidden, "access.denied")
		auditor.Get("/audit/export?form=pdf").Is(http.StatusBadRequest)
		operator.Get("/ledger/accounts/acct_nobody/entries/export").Refused(http.StatusNotFound, "ledger.account_not_found")
	})
}

// A list longer than a page is whole in its file.
func TestAFileHasAllPages(t *testing.T) {
	t.Parallel()
	const many = 250
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	err := b.DB.Write(t.Context(), func(tx *db.Tx) error {
		records := make([]audit.Record, many)
		for i := range records {
			records[i] = audit.Record{By: act.Job("test"), Act: "test.many", Subject: strconv.Itoa(i), Customer: li.Customer, Outcome: audit.Done}
		}
		return b.Audit.Append(t.Context(), tx, records)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, lines := rows(t, b.NewColleague(access.RoleAuditor).Get("/audit/export?customer="+string(li.Customer)).Is(http.StatusOK))
	seen := map[string]bool{}
	for _, line := range lines {
		if line[2] == "test.many" {
			seen[line[5]] = true
		}
	}
	if len(seen) != many {
		t.Errorf("%d lines, %d of the %d", len(lines), len(seen), many)
	}
}
