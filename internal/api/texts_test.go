package api_test

import (
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/fault/faulttest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/vault"
)

func TestEveryFaultOfTheEdgeAndThePlatformHasATextInThreeLanguages(t *testing.T) {
	t.Parallel()
	catalog := i18n.NewCatalog(api.Texts(), blob.Texts(), bus.Texts(), job.Texts(), vault.Texts())
	for _, problem := range catalog.Missing() {
		t.Error(problem)
	}
	seen := map[string]bool{}
	for _, code := range faulttest.Codes(t, faulttest.Internal(t)) {
		ours := strings.Contains(code.At, "/internal/platform/") || strings.Contains(code.At, "/internal/api/") || strings.HasPrefix(code.Code, "id.")
		if strings.Contains(code.At, "/internal/api/console/") {
			continue // the console has texts of its own, and holds this itself
		}
		if !ours || code.Kind == "Internal" {
			continue // of the rooms above, who hold this themselves; or never shown
		}
		seen[code.Code] = true
		if !catalog.Has(code.Code) {
			t.Errorf("%s: %s has no text", code.At, code.Code)
		}
	}
	if !seen["request.malformed"] || !seen["db.busy"] || !seen["once.running"] {
		t.Errorf("the search for faults finds %v: it is broken", seen)
	}
}
