package crypto_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func TestDigitsAreUniform(t *testing.T) {
	t.Parallel()
	const codes, length = 20_000, 6
	var seen [10]int
	for range codes {
		code := crypto.Digits(length)
		if len(code) != length || strings.Trim(code, "0123456789") != "" {
			t.Fatalf("code %q", code)
		}
		for _, digit := range code {
			seen[digit-'0']++
		}
	}
	// 120,000 fair digits: each 12,000 with a standard deviation of 104. Six of them is one false alarm in 10^8.
	// A biased byte%10 would give the digits 0 to 5 about 12,188 and the others 11,719.
	for digit, n := range seen {
		if n < 12_000-630 || n > 12_000+630 {
			t.Errorf("digit %d came %d times", digit, n)
		}
	}
}

func TestTokenHasItsBits(t *testing.T) {
	t.Parallel()
	raw, err := base64.RawURLEncoding.DecodeString(crypto.Token(128))
	if err != nil || len(raw) != 16 {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
	if crypto.Token(256) == crypto.Token(256) {
		t.Error("two tokens are equal")
	}
}

func TestSecretNeverPrintsItself(t *testing.T) {
	t.Parallel()
	type settings struct {
		Password crypto.Secret
		Keys     map[string]crypto.Secret
	}
	const hidden = "hunter2"
	value := settings{hidden, map[string]crypto.Secret{"k": hidden}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%T %v"} {
		fmt.Fprintf(&out, verb+"\n", value.Password, value.Password)
		fmt.Fprintf(&out, verb+"\n", value, &value)
	}
	text, err := json.Marshal(value)
	must(t, err)
	out.Write(text)
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	logger.Info("start", "password", value.Password, "all", value)
	slog.New(slog.NewTextHandler(&out, nil)).Info("start", "password", value.Password, "all", value)
	for _, bad := range []string{hidden, fmt.Sprintf("%x", hidden), fmt.Sprintf("%X", hidden)} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("%q was printed:\n%s", bad, out.String())
		}
	}
	if !strings.Contains(out.String(), "[redacted]") {
		t.Error("nothing was redacted")
	}
	var read settings
	must(t, json.Unmarshal([]byte(`{"Password":"hunter2"}`), &read))
	if read.Password.Reveal() != hidden {
		t.Errorf("read %q", read.Password.Reveal())
	}
}
