package outbound_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/outbound"
)

func TestADocumentIsFetchedFromWhoWasNamedAndNobodyElse(t *testing.T) {
	t.Parallel()
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rates":
			_, _ = w.Write([]byte("Date,USD"))
		case "/long":
			_, _ = w.Write([]byte(strings.Repeat("x", 9<<20)))
		case "/elsewhere":
			http.Redirect(w, r, "/rates", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
	server := httptest.NewServer(answer)
	defer server.Close()
	for path, want := range map[string]string{"/rates": "Date,USD", "/long": "", "/elsewhere": "", "/none": ""} {
		f, err := outbound.NewFetcher(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := f.Fetch(t.Context())
		if string(text) != want || (err == nil) != (want != "") {
			t.Errorf("%s: %d bytes, %v", path, len(text), err)
		}
	}
	for _, bad := range []string{"", "rates.csv", "http://bank.example/rates", "https://user:secret@bank.example/", "ftp://localhost/x"} {
		if _, err := outbound.NewFetcher(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
