package customer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
)

func TestEveryFaultMessageAndConsentHasItsWordsInThreeLanguages(t *testing.T) {
	t.Parallel()
	catalog := i18n.NewCatalog(customer.Texts())
	for _, problem := range catalog.Missing() {
		t.Error(problem)
	}
	fault := regexp.MustCompile(`fault\.New\(fault\.\w+, "([a-z0-9_.]+)"\)`)
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fault.FindAllStringSubmatch(string(text), -1) {
			if m[1] == "deposit.accounts_open" { // of a test
				continue
			}
			found++
			if !catalog.Has(m[1]) {
				t.Errorf("%s: no words for %s", source, m[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d faults were found: the test looks in the wrong place", found)
	}
	for _, consent := range customer.ConsentTexts() {
		for _, part := range []string{"title", "text"} {
			if key := fmt.Sprintf("customer.consent.%s.%s", consent.Purpose, part); !catalog.Has(key) {
				t.Errorf("no words for %s", key)
			}
		}
	}
	for _, m := range customer.Templates() {
		for _, part := range []string{"title", "body"} {
			if !catalog.Has("notify." + m.Name + "." + part) {
				t.Errorf("message %s has no %s", m.Name, part)
			}
		}
		for _, c := range m.Channels {
			if c == notify.SMS && !catalog.Has("notify."+m.Name+".sms") {
				t.Errorf("message %s goes by SMS without words", m.Name)
			}
		}
	}
}

func TestANameIsMaskedInItsMiddle(t *testing.T) {
	t.Parallel()
	for full, want := range map[string]string{
		"":           "",
		"王明":         "王*",
		"李晓娜":        "李*娜",
		"欧阳娜娜":       "欧**娜",
		"阿卜杜拉·买买提":   "阿******提",
		"𬱖𠮷野":        "𬱖*野", // beyond the basic plane
		"Ann":        "A*n",
		"John Smith": "J******h",
	} {
		if got := customer.MaskName(full); got != want {
			t.Errorf("%q is masked as %q, want %q", full, got, want)
		}
	}
	n, err := customer.NewName("李晓娜")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%s", "%v", "%+v", "%#v"} {
		if got := fmt.Sprintf(verb, n); got != "李*娜" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}
