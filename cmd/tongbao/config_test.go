package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app"
)

// file writes a config file.
func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "bank.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAFlagIsStrongerThanAVariableAndThatThanTheFile(t *testing.T) {
	for name, tc := range map[string]struct {
		file, variable string
		flags          []string
		want           string
	}{
		"nothing is said":             {want: "127.0.0.1:8081"},
		"the file alone":              {file: `{"consoleListen": "file:1"}`, want: "file:1"},
		"spelt with a stroke":         {file: `{"console-listen": "file:1"}`, want: "file:1"},
		"spelt with an underscore":    {file: `{"console_listen": "file:1"}`, want: "file:1"},
		"the variable alone":          {variable: "variable:1", want: "variable:1"},
		"the flag alone":              {flags: []string{"--console-listen", "flag:1"}, want: "flag:1"},
		"a variable over the file":    {file: `{"consoleListen": "file:1"}`, variable: "variable:1", want: "variable:1"},
		"a flag over the file":        {file: `{"consoleListen": "file:1"}`, flags: []string{"--console-listen=flag:1"}, want: "flag:1"},
		"a flag over the variable":    {variable: "variable:1", flags: []string{"--console-listen=flag:1"}, want: "flag:1"},
		"a flag over both":            {file: `{"consoleListen": "file:1"}`, variable: "variable:1", flags: []string{"--console-listen=flag:1"}, want: "flag:1"},
		"the file speaks of another":  {file: `{"listen": "file:1"}`, variable: "variable:1", want: "variable:1"},
		"another command's is no bar": {file: `{"consoleListen": "file:1", "keepDays": 9}`, want: "file:1"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.variable != "" {
				t.Setenv("TONGBAO_CONSOLE_LISTEN", tc.variable)
			}
			flags := append([]string{"serve"}, tc.flags...)
			if tc.file != "" {
				flags = append(flags, "--config", file(t, tc.file))
			}
			var c commands
			if _, err := c.parse(t.Context(), flags); err != nil {
				t.Fatal(err)
			}
			if got := c.Serve.ConsoleListen; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestEverySettingOfANodeMayComeFromAnySource(t *testing.T) {
	const text = `{
		"listen": "0.0.0.0:443", "publicUrl": "https://bank.example", "trustedProxies": ["10.0.0.0/8", "fd00::/8"],
		"demo": true, "simulatorDelay": "250ms", "rateScale": 0.5, "customers": 12, "database": "postgres://bank@db/bank"
	}`
	want := app.Config{
		Listen: "0.0.0.0:443", PublicURL: "https://bank.example", TrustedProxies: []string{"10.0.0.0/8", "fd00::/8"},
		Demo: true, SimulatorDelay: 250 * time.Millisecond, RateScale: 0.5, Database: "postgres://bank@db/bank",
	}
	check := func(t *testing.T, flags ...string) {
		t.Helper()
		var c commands
		if _, err := c.parse(t.Context(), append([]string{"serve"}, flags...)); err != nil {
			t.Fatal(err)
		}
		got := c.Serve.Config
		if got.Listen != want.Listen || got.PublicURL != want.PublicURL || !slices.Equal(got.TrustedProxies, want.TrustedProxies) || got.Demo != want.Demo ||
			got.SimulatorDelay != want.SimulatorDelay || got.RateScale != want.RateScale || got.Database != want.Database || c.Serve.Customers != 12 {
			t.Errorf("got %+v", c.Serve)
		}
	}
	t.Run("the file", func(t *testing.T) { check(t, "--config", file(t, text)) })
	t.Run("the file that a variable names", func(t *testing.T) {
		t.Setenv("TONGBAO_CONFIG", file(t, text))
		check(t)
	})
	t.Run("the flag's file and not the variable's", func(t *testing.T) {
		t.Setenv("TONGBAO_CONFIG", file(t, `{"listen": "other:1", "bankName": "other"}`))
		check(t, "--config", file(t, text))
	})
	t.Run("variables", func(t *testing.T) {
		for name, value := range map[string]string{
			"LISTEN": "0.0.0.0:443", "PUBLIC_URL": "https://bank.example", "TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8", "DEMO": "true",
			"SIMULATOR_DELAY": "250ms", "RATE_SCALE": "0.5", "CUSTOMERS": "12", "DATABASE": "postgres://bank@db/bank",
		} {
			t.Setenv("TONGBAO_"+name, value)
		}
		check(t)
	})
	t.Run("flags", func(t *testing.T) {
		check(t, "--listen=0.0.0.0:443", "--public-url=https://bank.example", "--trusted-proxies=10.0.0.0/8,fd00::/8", "--demo",
			"--simulator-delay=250ms", "--rate-scale=0.5", "--customers=12", "--database=postgres://bank@db/bank")
	})
}

func TestTheCommandsOfTheHandbookAreUnderstood(t *testing.T) {
	for line, right := range map[string]func(c *commands) bool{
		"serve --data D --listen :1 --console-listen :2 --database sqlite:x.db --public-url https://b.example --trusted-proxies 10.0.0.0/8 --demo": func(c *commands) bool {
			return strings.HasSuffix(c.Serve.Data, "/D") && c.Serve.Config.Demo && c.Serve.Database == "sqlite:x.db"
		},
		"serve --tls dev":                      func(c *commands) bool { return c.Serve.TLS == "dev" },
		"serve --tls=cert.pem,key.pem":         func(c *commands) bool { return c.Serve.TLS == "cert.pem,key.pem" },
		"serve":                                func(c *commands) bool { return c.Serve.TLS == "" && !c.Serve.Config.Demo && c.Serve.RateScale == 1 },
		"demo --data D --customers 7 --seed 9": func(c *commands) bool { return c.Demo.Customers == 7 && c.Demo.Seed == 9 },
		"demo":                                 func(c *commands) bool { return c.Demo.Customers == 300 && c.Demo.Seed == 1 },
		"verify --data D":                      func(c *commands) bool { return strings.HasSuffix(c.Verify.Data, "/D") },
		"verify --database postgres://h/b":     func(c *commands) bool { return c.Verify.Database == "postgres://h/b" },
		"migrate --owner postgres://o@h/b":     func(c *commands) bool { return c.Migrate.Owner == "postgres://o@h/b" },
		"version":                              func(*commands) bool { return true },
	} {
		var c commands
		if _, err := c.parse(t.Context(), strings.Fields(line)); err != nil || !right(&c) {
			t.Errorf("tongbao %s: %v", line, err)
		}
	}
}

func TestABadSettingIsNamedAndItsValueIsNot(t *testing.T) {
	const secret = "hunter2hunter2"
	for name, tc := range map[string]struct {
		file  string
		flags []string
		says  string
	}{
		"a name that is none":      {file: `{"smsSecrt": "` + secret + `"}`, says: `"smsSecrt"`},
		"a name in another case":   {file: `{"LISTEN": "` + secret + `"}`, says: `"LISTEN"`},
		"a name beside right ones": {file: `{"listen": "x:1", "tsl": "dev"}`, says: `"tsl"`},
		"no JSON":                  {file: `listen = ` + secret, says: "must be a JSON object"},
		"a list":                   {file: `["` + secret + `"]`, says: "must be a JSON object"},
		"two objects":              {file: `{"listen": "x:1"} {"demo": true}`, says: "after its JSON object"},
		"another type":             {file: `{"customers": "many"}`, says: "--customers"},
		"a file that is not there": {flags: []string{"--config", "/nowhere/bank.json"}, says: "/nowhere/bank.json"},
		"a flag that is none":      {flags: []string{"--listn=x:1"}, says: "--listn"},
	} {
		t.Run(name, func(t *testing.T) {
			flags := append([]string{"serve"}, tc.flags...)
			if tc.file != "" {
				flags = append(flags, "--config", file(t, tc.file))
			}
			_, err := new(commands).parse(t.Context(), flags)
			if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), secret) {
				t.Errorf("got %v, want %s", err, tc.says)
			}
		})
	}
}
