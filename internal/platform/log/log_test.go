package log_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/tongbao/tongbao/internal/platform/log"
)

func write(t *testing.T, format string, use func(*slog.Logger)) string {
	t.Helper()
	var out strings.Builder
	logger, err := log.New(&out, "debug", format)
	if err != nil {
		t.Fatal(err)
	}
	use(logger)
	return out.String()
}

type customer struct{ Given string }

type typed string

type identity struct{ number string }

func (i identity) String() string { return "identity " + i.number }

func (i identity) LogValue() slog.Value { return slog.GroupValue(slog.String("name", "王小明")) }

func TestPersonalDataStaysOutOfTheLog(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		use    func(*slog.Logger)
		hidden string
	}{
		"password by key":             {func(l *slog.Logger) { l.Info("x", "newPassword", "hunter2") }, "hunter2"},
		"PIN by key":                  {func(l *slog.Logger) { l.Info("x", "PIN", "135790") }, "135790"},
		"token by key in snake case":  {func(l *slog.Logger) { l.Info("x", "session_token", "abc") }, "abc"},
		"cookie header":               {func(l *slog.Logger) { l.Info("x", "Set-Cookie", "sid") }, "sid"},
		"authorization header":        {func(l *slog.Logger) { l.Info("x", "Authorization", "Basic Zm9v") }, "Zm9v"},
		"name":                        {func(l *slog.Logger) { l.Info("x", "payeeName", "王小明") }, "王小明"},
		"identity number by key":      {func(l *slog.Logger) { l.Info("x", "idNumber", "short") }, "short"},
		"one-time code":               {func(l *slog.Logger) { l.Info("x", "code", "482913") }, "482913"},
		"key inside a group":          {func(l *slog.Logger) { l.Info("x", slog.Group("who", "email", "a")) }, "=a"},
		"key of a bound attribute":    {func(l *slog.Logger) { l.With("otp", "482913").Info("x") }, "482913"},
		"key within a bound group":    {func(l *slog.Logger) { l.WithGroup("g").With("otp", "482913").Info("x") }, "482913"},
		"key of a resolved value":     {func(l *slog.Logger) { l.Info("x", "who", identity{}) }, "王小明"},
		"mobile in the message":       {func(l *slog.Logger) { l.Info("sent to 13800138000") }, "13800138000"},
		"mobile glued to words":       {func(l *slog.Logger) { l.Info("x", "to", "号码13800138000不存在") }, "13800138000"},
		"mobile with country code":    {func(l *slog.Logger) { l.Info("x", "to", "+8613800138000") }, "13800138000"},
		"mobile in groups":            {func(l *slog.Logger) { l.Info("x", "to", "+86 138-0013-8000") }, "8000"},
		"mobile after other digits":   {func(l *slog.Logger) { l.Info("16:05 13800138000") }, "13800138000"},
		"mobile after other groups":   {func(l *slog.Logger) { l.Info("16:05 138-0013-8000") }, "138-0013"},
		"mobile as a number":          {func(l *slog.Logger) { l.Info("x", "to", 13800138000) }, "13800138000"},
		"mobile of a typed text":      {func(l *slog.Logger) { l.Info("x", "to", typed("13800138000")) }, "13800138000"},
		"mobile in a list":            {func(l *slog.Logger) { l.Info("x", "to", []string{"13800138000"}) }, "13800138000"},
		"identity number":             {func(l *slog.Logger) { l.Info("x", "row", "110101199003074215") }, "110101199003074215"},
		"identity number with X":      {func(l *slog.Logger) { l.Info("x", "row", "11010119900307421X") }, "1990"},
		"account number":              {func(l *slog.Logger) { l.Info("x", "row", "6222021001122334455") }, "6222"},
		"card number in groups":       {func(l *slog.Logger) { l.Info("x", "row", "6222 0210 0112 2334") }, "0112"},
		"mail address":                {func(l *slog.Logger) { l.Info("x", "to", "write to <li.hua@example.com>, now") }, "li.hua"},
		"database address":            {func(l *slog.Logger) { l.Info("x", "to", "postgres://bank:hunter2@db/bank") }, "hunter2"},
		"error text":                  {func(l *slog.Logger) { l.Error("x", "err", fmt.Errorf("sms: %w", errors.New("13800138000 refused"))) }, "13800138000"},
		"a struct":                    {func(l *slog.Logger) { l.Info("x", "customer", customer{"小明"}) }, "小明"},
		"a pointer to a struct":       {func(l *slog.Logger) { l.Info("x", "customer", &customer{"小明"}) }, "小明"},
		"a map":                       {func(l *slog.Logger) { l.Info("x", "row", map[string]string{"given": "小明"}) }, "小明"},
		"bytes":                       {func(l *slog.Logger) { l.Info("x", "body", []byte("小明")) }, "小明"},
		"a number that would overrun": {func(l *slog.Logger) { l.Info("x", "row", strings.Repeat("7", 40)) }, "777"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, format := range []string{log.JSON, log.Text} {
				out := write(t, format, tc.use)
				if strings.Contains(out, tc.hidden) {
					t.Errorf("%s: %s", format, out)
				}
				if strings.Count(out, "\n") != 1 {
					t.Errorf("%s: not one line: %q", format, out)
				}
			}
		})
	}
}

func TestUsefulValuesStayReadable(t *testing.T) {
	t.Parallel()
	out := write(t, log.JSON, func(l *slog.Logger) {
		l.Info("transfer settled", "transfer", "tran_01JD7Z3K9Q8W6X5V4T3S2R1P0N", "code", "payment.limit_exceeded",
			"date", "2026-11-22", "took", 1500*time.Millisecond, "count", 42, "at", time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC),
			"listen", "127.0.0.1:8080", "ok", true, "err", errors.New("connection refused"), "kind", typed("ordinary"),
			"none", nil, "nowhere", (*customer)(nil), "parts", []string{"a", "b"}, "stamp", "2026-11-22 16:05:03")
	})
	var line map[string]any
	if err := json.Unmarshal([]byte(out), &line); err != nil {
		t.Fatal(err)
	}
	delete(line, "time")
	got, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"at":"2026-11-22T08:00:00Z","code":"payment.limit_exceeded","count":42,"date":"2026-11-22",` +
		`"err":"connection refused","kind":"ordinary","level":"INFO","listen":"127.0.0.1:8080","msg":"transfer settled",` +
		`"none":null,"nowhere":null,"ok":true,"parts":["a","b"],"stamp":"2026-11-22 16:05:03","took":1500000000,` +
		`"transfer":"tran_01JD7Z3K9Q8W6X5V4T3S2R1P0N"}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLinesCarryTheTrace(t *testing.T) {
	t.Parallel()
	id := trace.TraceID{0xab, 15: 0xcd}
	ctx := trace.ContextWithSpanContext(context.Background(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: id}))
	out := write(t, log.JSON, func(l *slog.Logger) { l.InfoContext(ctx, "x") })
	if !strings.Contains(out, `"trace":"`+id.String()+`"`) {
		t.Errorf("got %s", out)
	}
}

func TestNewRefusesUnknownSettings(t *testing.T) {
	t.Parallel()
	for _, bad := range [][2]string{{"loud", log.JSON}, {"info", "xml"}, {"", log.Text}} {
		if _, err := log.New(&strings.Builder{}, bad[0], bad[1]); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
	var out strings.Builder
	logger, err := log.New(&out, "warn", log.Text)
	if err != nil {
		t.Fatal(err)
	}
	logger.Info("quiet")
	if out.Len() > 0 {
		t.Errorf("info at level warn: %s", out.String())
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("转给13800138000，备注a@b.c")
	f.Add("11010119900307421X")
	f.Add("\xff@\xfe 6222-0210-0112-2334")
	f.Fuzz(func(t *testing.T, text string) {
		out := write(t, log.JSON, func(l *slog.Logger) { l.Info("x", "v", text) })
		if !json.Valid([]byte(out)) {
			t.Fatalf("not JSON: %q", out)
		}
		again := write(t, log.Text, func(l *slog.Logger) { l.Info("x", "v", text+" 13800138000") })
		if strings.Contains(again, "13800138000") && !strings.Contains(text, "13800138000") {
			t.Fatalf("leaked: %q", again)
		}
	})
}
