package event_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const golden = "testdata/golden.json"

func instant() time.Time { return time.Date(2026, 11, 22, 6, 30, 0, 123456000, time.UTC) }

func header(t *testing.T) event.Header {
	t.Helper()
	day, err := clock.ParseDate("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	return event.Header{Subject: "trfr_1", Sequence: 3, BusinessDate: day, Trace: "4bf92f3577b34da6"}
}

// filled gives a fact every field of which has a value.
func filled(t *testing.T, f event.Fact) event.Fact {
	t.Helper()
	v := reflect.New(reflect.TypeOf(f)).Elem()
	fill(t, v)
	return v.Interface().(event.Fact)
}

func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i).Name
		switch field.Interface().(type) {
		case money.Amount:
			amount, err := money.Parse("12.50", money.CNY)
			if err != nil {
				t.Fatal(err)
			}
			field.Set(reflect.ValueOf(amount))
			continue
		case time.Time:
			field.Set(reflect.ValueOf(instant()))
			continue
		}
		switch field.Kind() {
		case reflect.String:
			field.SetString(strings.ToLower(name))
		case reflect.Bool:
			field.SetBool(true)
		case reflect.Int, reflect.Int64:
			field.SetInt(7)
		case reflect.Struct:
			fill(t, field)
		default:
			t.Fatalf("a fact has a %s: teach this test what a breaking change of it is", field.Type())
		}
	}
}

// wire is a fact as it travels, without the id, which is another each time.
func wire(t *testing.T, f event.Fact) (kind string, text json.RawMessage) {
	t.Helper()
	e := event.New(instant(), header(t), f)
	e.ID = "evnt_"
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return e.Type + ".v" + strconv.Itoa(e.Version), text
}

// TestTheWireOfFactsDoesNotBreak compares each fact with testdata/golden.json. New facts and new fields are written to
// it by UPDATE_GOLDEN=1. A field that is gone, renamed or of another form fails always: make a new version instead.
func TestTheWireOfFactsDoesNotBreak(t *testing.T) {
	t.Parallel()
	released := make(map[string]json.RawMessage)
	text, err := os.ReadFile(golden)
	if err == nil {
		err = json.Unmarshal(text, &released)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	now := make(map[string]json.RawMessage)
	for _, f := range event.Facts() {
		kind, wire := wire(t, filled(t, f))
		if _, twice := now[kind]; twice {
			t.Errorf("%s is the name of two facts", kind)
		}
		now[kind] = wire
	}
	for kind, old := range released {
		for _, broken := range breaks("", old, now[kind]) {
			t.Errorf("%s: %s", kind, broken)
		}
	}
	written, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if written = append(written, '\n'); bytes.Equal(written, text) || t.Failed() {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") == "" {
		t.Fatalf("%s lacks new facts or fields: UPDATE_GOLDEN=1 go test ./internal/values/event", golden)
	}
	if err := os.WriteFile(golden, written, 0o644); err != nil {
		t.Fatal(err)
	}
}

// breaks says what of old is missing or different in now. What now has beside it is no break.
func breaks(at string, old, now json.RawMessage) []string {
	if now == nil {
		return []string{at + " is gone"}
	}
	var before, after map[string]json.RawMessage
	if json.Unmarshal(old, &before) != nil || json.Unmarshal(now, &after) != nil {
		var a, b bytes.Buffer
		if json.Compact(&a, old) != nil || json.Compact(&b, now) != nil || a.String() != b.String() {
			return []string{at + " was " + string(old) + " and is " + string(now)}
		}
		return nil
	}
	var all []string
	for field, value := range before {
		all = append(all, breaks(at+"/"+field, value, after[field])...)
	}
	return all
}

func TestABreakIsFound(t *testing.T) {
	t.Parallel()
	const released = `{"type":"a.b","data":{"transfer":"t","amount":{"amount":"12.50","currency":"CNY"}}}`
	for name, tc := range map[string]struct {
		now   string
		found int
	}{
		"nothing changed":    {released, 0},
		"a new field":        {`{"type":"a.b","data":{"transfer":"t","amount":{"amount":"12.50","currency":"CNY"},"fee":1}}`, 0},
		"a field is gone":    {`{"type":"a.b","data":{"amount":{"amount":"12.50","currency":"CNY"}}}`, 1},
		"a field is renamed": {`{"type":"a.b","data":{"transferId":"t","amount":{"amount":"12.50","currency":"CNY"}}}`, 1},
		"another form":       {`{"type":"a.b","data":{"transfer":"t","amount":1250}}`, 1},
		"another value":      {`{"type":"a.b","data":{"transfer":"t","amount":{"amount":"12.5","currency":"CNY"}}}`, 1},
	} {
		if found := breaks("", json.RawMessage(released), json.RawMessage(tc.now)); len(found) != tc.found {
			t.Errorf("%s: %q", name, found)
		}
	}
	if found := breaks("", json.RawMessage(released), nil); len(found) != 1 {
		t.Errorf("a fact is gone: %q", found)
	}
}

// TestEveryFactIsListed reads the source: a fact that Facts leaves out would escape the other tests.
func TestEveryFactIsListed(t *testing.T) {
	t.Parallel()
	listed := make(map[string]bool)
	for _, f := range event.Facts() {
		listed[reflect.TypeOf(f).Name()] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "kind" && f.Recv != nil {
				name := f.Recv.List[0].Type.(*ast.Ident).Name
				if found++; !listed[name] {
					t.Errorf("%s is not listed", name)
				}
			}
		}
	}
	if found != len(listed) {
		t.Errorf("%d facts are declared, %d listed", found, len(listed))
	}
}

var personal = regexp.MustCompile(`(?i)name|phone|mobile|mail|address|birth|idnumber|document|memo|note|text|message|card|^number$`)

func TestFactsHoldNoPersonalDataAndHaveProperNames(t *testing.T) {
	t.Parallel()
	proper := regexp.MustCompile(`^[a-z]+\.[a-z]+(?:_[a-z]+)*\.v[1-9]$`)
	camel := regexp.MustCompile(`^[a-z][a-zA-Z]*$`)
	for _, f := range event.Facts() {
		kind, _ := wire(t, filled(t, f))
		if !proper.MatchString(kind) {
			t.Errorf("%s is no name of a fact", kind)
		}
		for _, field := range reflect.VisibleFields(reflect.TypeOf(f)) {
			if field.Anonymous {
				continue
			}
			if tag := field.Tag.Get("json"); !camel.MatchString(tag) || personal.MatchString(tag) {
				t.Errorf("%s has a field %q", kind, tag)
			}
		}
	}
}

func TestAFactComesOutOfItsEnvelopeAsItWentIn(t *testing.T) {
	t.Parallel()
	for _, f := range event.Facts() {
		f = filled(t, f)
		e := event.New(instant(), header(t), f)
		if _, err := id.Parse[id.Event](e.ID); err != nil {
			t.Errorf("%s is no id of an event", e.ID)
		}
		back := reflect.New(reflect.TypeOf(f))
		if err := json.Unmarshal(e.Data, back.Interface()); err != nil || !reflect.DeepEqual(back.Elem().Interface(), f) {
			t.Errorf("%s: %+v, %v", e.Type, back.Elem(), err)
		}
	}
	sent := filled(t, event.AccountOpened{}).(event.AccountOpened)
	e := event.New(instant(), header(t), sent)
	got, err := event.Open[event.AccountOpened](e)
	if err != nil || got != sent {
		t.Errorf("opened %+v, %v", got, err)
	}
	if e.Type != event.Type[event.AccountOpened]() || e.Subject != "trfr_1" || e.Sequence != 3 || !e.At.Equal(instant()) {
		t.Errorf("envelope %+v", e)
	}
}

func TestAnotherFactOrVersionIsNotOpened(t *testing.T) {
	t.Parallel()
	e := event.New(instant(), header(t), event.AccountClosed{Account: "acct_1"})
	if _, err := event.Open[event.AccountFrozen](e); !errors.Is(err, event.ErrUnexpected) {
		t.Errorf("another fact: %v", err)
	}
	e.Version = 2
	if _, err := event.Open[event.AccountClosed](e); !errors.Is(err, event.ErrUnexpected) {
		t.Errorf("another version: %v", err)
	}
	e.Version, e.Data = 1, json.RawMessage(`{"account":7}`)
	if _, err := event.Open[event.AccountClosed](e); err == nil {
		t.Error("a broken payload was opened")
	}
}

func TestAnAmountWithoutCurrencyIsNotPublished(t *testing.T) {
	t.Parallel()
	if e := event.New(instant(), header(t), event.TransferSettled{Transfer: "trfr_1"}); len(e.Data) != 0 {
		t.Errorf("data %s", e.Data)
	}
}

func TestAConsumerReactsToItsFactsAndPassesOverOthers(t *testing.T) {
	t.Parallel()
	var opened, closed int
	failure := errors.New("closed")
	c := event.Consumer("support",
		event.On(func(_ context.Context, _ *db.Tx, e bus.Event, f event.AccountOpened) error {
			if f.Account != "account" || e.Subject != "trfr_1" {
				t.Errorf("reacts to %+v in %+v", f, e)
			}
			opened++
			return nil
		}),
		event.On(func(_ context.Context, _ *db.Tx, _ bus.Event, _ event.AccountClosed) error {
			closed++
			return failure
		}))
	if c.Name != "support" || !reflect.DeepEqual(c.Types, []string{"deposit.account_opened", "deposit.account_closed"}) {
		t.Errorf("consumer %q of %q", c.Name, c.Types)
	}
	send := func(f event.Fact, version int) error {
		e := event.New(instant(), header(t), filled(t, f))
		e.Version = version
		return c.Handle(t.Context(), nil, e)
	}
	if err := send(event.AccountOpened{}, 1); err != nil {
		t.Error(err)
	}
	if err := send(event.AccountClosed{}, 1); !errors.Is(err, failure) {
		t.Errorf("its error is lost: %v", err)
	}
	if err := errors.Join(send(event.AccountFrozen{}, 1), send(event.AccountOpened{}, 2)); err != nil {
		t.Error(err)
	}
	if opened != 1 || closed != 1 {
		t.Errorf("%d opened, %d closed", opened, closed)
	}
}
