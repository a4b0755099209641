package bus_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	texts := bus.Texts()
	if holes := i18n.NewCatalog(texts).Missing(); len(texts) == 0 || len(holes) > 0 {
		t.Errorf("%d texts, holes: %q", len(texts), holes)
	}
}
