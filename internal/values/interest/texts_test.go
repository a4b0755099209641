package interest_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/interest"
)

func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range i18n.NewCatalog(interest.Texts()).Missing() {
		t.Error(problem)
	}
}
