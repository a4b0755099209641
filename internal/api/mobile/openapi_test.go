package mobile_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/api/mobile"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

var update = flag.Bool("update", false, "write openapi.json again")

const golden = "openapi.json"

// router has all routes and no rooms: enough to read the tables.
func router(t *testing.T) *api.Router {
	t.Helper()
	r := api.New(api.Config{
		Title: mobile.Title, Version: "v1", Prefix: mobile.Prefix, Audience: "mobile", Secure: true, Client: "1",
		Catalog: i18n.NewCatalog(api.Texts()), Log: slog.New(slog.DiscardHandler), Limits: api.NewLimiter(1, time.Now),
	})
	mobile.New(r, mobile.Rooms{})
	return r
}

func TestOpenAPIIsFresh(t *testing.T) {
	t.Parallel()
	text, err := router(t).Description()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, b.Bytes()) {
		t.Error("openapi.json is stale: go test ./internal/api/mobile -run OpenAPI -update, then npm run generate in web")
	}
}
