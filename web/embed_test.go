package web_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/web"
)

func TestBothAppsHaveAPage(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fs.FS{"mobile": web.Mobile(), "console": web.Console()} {
		page, err := fs.ReadFile(files, "index.html")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !strings.Contains(string(page), "<html lang=") {
			t.Errorf("%s: index.html is not a page that names its language", name)
		}
		if strings.Contains(string(page), "<script>") || strings.Contains(string(page), "<style") {
			t.Errorf("%s: index.html has inline script or style, which the content security policy refuses", name)
		}
		if got := strings.Contains(string(page), "npm --prefix web"); got == web.Built {
			t.Errorf("%s: Built is %t, but the page that says how to build: %t", name, web.Built, got)
		}
	}
}
