package money_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/money"
)

func TestEveryMoneyFaultHasItsWordsInThreeLanguages(t *testing.T) {
	t.Parallel()
	texts := i18n.NewCatalog(money.Texts())
	faults := []*fault.Error{
		money.ErrAmount, money.ErrPrecision, money.ErrOverflow, money.ErrCurrency, money.ErrUnknownCurrency,
		money.ErrWeights, money.ErrRounding,
	}
	for _, f := range faults {
		for _, locale := range i18n.Locales() {
			if words := texts.Text(locale, f.Code(), nil); words == "" || words == f.Code() {
				t.Errorf("%s has no words in %s", f.Code(), locale)
			}
		}
	}
	if got := len(texts.Keys()); got != len(faults) {
		t.Errorf("%d texts for %d faults", got, len(faults))
	}
}
