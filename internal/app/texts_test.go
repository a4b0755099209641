package app_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/platform/fault/faulttest"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

func TestEveryFaultOfTheBankHasATextInThreeLanguages(t *testing.T) {
	t.Parallel()
	catalog := i18n.NewCatalog(app.Texts()...)
	for _, problem := range catalog.Missing() {
		t.Error(problem)
	}
	codes := faulttest.Codes(t, faulttest.Internal(t))
	for _, code := range codes {
		if code.Kind != "Internal" && !catalog.Has(code.Code) { // an internal one is shown as "internal"
			t.Errorf("%s: %s has no text", code.At, code.Code)
		}
	}
	if len(codes) < 150 {
		t.Errorf("only %d faults found in the source: the search is broken", len(codes))
	}
}
