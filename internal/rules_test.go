package internal_test

import (
	"slices"
	"strings"
	"testing"
)

// A rule that cannot fail holds nothing: each is shown a file that breaks it, and one that does not.
func TestHouseRulesFindWhatTheyForbid(t *testing.T) {
	t.Parallel()
	const doc = "// Package p is a trial.\npackage p\n"
	for name, tc := range map[string]struct {
		room, file, source string
		want               string // part of the only finding; empty when there is none
	}{
		"a package without a doc":              {source: "package p\n", want: "no file says // Package p"},
		"an exported function without a doc":   {source: doc + "func Pay() {}\n", want: "Pay has no doc comment"},
		"an exported method without a doc":     {source: doc + "// T is.\ntype T struct{}\nfunc (*T) Pay() {}\n", want: "Pay has no doc comment"},
		"a method of an unexported type":       {source: doc + "type t struct{}\nfunc (t) Pay() {}\n"},
		"an exported constant without a doc":   {source: doc + "const Most = 1\n", want: "Most has no doc comment"},
		"a documented group of constants":      {source: doc + "// Limits.\nconst (\n\tA = 1\n\tB = 2\n)\n"},
		"a function of 71 lines":               {source: doc + "func f() {" + strings.Repeat("\n", 70) + "}\n", want: "f has 71 lines"},
		"a function of 70 lines":               {source: doc + "func f() {" + strings.Repeat("\n", 69) + "}\n"},
		"init":                                 {source: doc + "func init() {}\n", want: "init"},
		"interface{}":                          {source: doc + "func f(x interface{}) {}\n", want: "interface{}"},
		"time.Now":                             {source: doc + "import \"time\"\n\nfunc f() { _ = time.Now() }\n", want: "time.Now"},
		"time.Now under another name":          {source: doc + "import tm \"time\"\n\nvar now = tm.Now\n", want: "time.Now"},
		"time.Now in the clock":                {room: "platform/clock", source: doc + "import \"time\"\n\nfunc f() { _ = time.Now() }\n"},
		"a value in the context":               {source: doc + "import \"context\"\n\nfunc f(ctx context.Context) any { return ctx.Value(1) }\n", want: "ctx.Value"},
		"a value in the context of the API":    {room: "api/mobile", source: doc + "import \"context\"\n\nfunc f(ctx context.Context) any { return ctx.Value(1) }\n"},
		"SQL in a service":                     {source: doc + "const q = `\n\tSELECT id FROM payment_transfer`\n", want: "SQL outside store*.go"},
		"lower-case SQL in a service":          {source: doc + "const q = \"select id from payment_transfer\"\n", want: "SQL outside store*.go"},
		"SQL in the store":                     {file: "store_page.go", source: doc + "const q = `SELECT id FROM payment_transfer`\n"},
		"a sentence that says select":          {source: doc + "const q = \"select another account, or update it\"\n"},
		"a float in a product":                 {source: doc + "func f(x float64) {}\n", want: "float64"},
		"a float in a model":                   {room: "oversight/risk", source: doc + "func f(x float64) {}\n"},
		"a variable without a value":           {source: doc + "var last int\n", want: "last starts without a value"},
		"a map made to be filled":              {source: doc + "var cache = make(map[string]int)\n", want: "made with make"},
		"a lock":                               {source: doc + "import \"sync\"\n\nvar lock = &sync.Mutex{}\n", want: "lock or shared state"},
		"a table that is set":                  {source: doc + "var fees = map[string]int{}\n\nfunc f() { fees[\"a\"] = 1 }\n", want: "sets the package variable fees"},
		"a table whose field is set":           {source: doc + "var fee = struct{ a int }{1}\n\nfunc f() { fee.a++ }\n", want: "sets the package variable fee"},
		"a table that is given away":           {source: doc + "var fee = 1\n\nfunc f() *int { return &fee }\n", want: "sets the package variable fee"},
		"a table that is emptied":              {source: doc + "var fees = map[string]int{}\n\nfunc f() { clear(fees) }\n", want: "sets the package variable fees"},
		"a value that is computed late":        {source: doc + "import \"sync\"\n\nvar fee = sync.OnceValue(func() int { return 1 })\n"},
		"an act that happens once":             {source: doc + "import \"sync\"\n\nvar once = sync.Once{}\n", want: "lock or shared state"},
		"a library's variable":                 {source: doc + "import \"example.org/huma/v2\"\n\nfunc f() { huma.NewError = nil }\n", want: "sets huma.NewError"},
		"a library's hook":                     {source: doc + "import \"example.org/huma/v2\"\n\nfunc f() { huma.NewErrorWithContext = nil }\n"},
		"another package's variable":           {source: doc + "import \"os\"\n\nfunc f() { os.Args = nil }\n", want: "sets os.Args"},
		"a table that is read":                 {source: doc + "var fees = map[string]int{\"a\": 1}\n\nfunc f() int { return fees[\"a\"] }\n"},
		"a local variable of the table's name": {source: doc + "var fee = 1\n\nfunc f() { fee := 2; fee++ }\n"},
		"an error and an interface check":      {source: doc + "import \"errors\"\n\nvar errA = errors.New(\"a\")\n\nvar _ any = errA\n"},
		"an embedded file":                     {source: doc + "import _ \"embed\"\n\n//go:embed a.txt\nvar text string\n"},
		"leave that a room gives itself":       {source: doc + "type leave struct{}\n\nfunc (leave) Covers(string, any) bool { return true }\n", want: "a method Covers"},
		"leave from those who may give it":     {room: "parties/approval", source: doc + "type leave struct{}\n\nfunc (leave) Covers(string, any) bool { return true }\n"},
		"a part of the wire that is hidden":    {room: "api/mobile", source: doc + "type part struct {\n\tA int `json:\"a\"`\n}\n\ntype whole struct {\n\tpart\n}\n", want: "whole embeds part"},
		"a part of the wire that is exported":  {room: "api/mobile", source: doc + "// Part is.\ntype Part struct {\n\tA int `json:\"a\"`\n}\n\ntype whole struct {\n\tPart\n}\n"},
		"a service within another":             {room: "api/mobile", source: doc + "type handlers struct{ n int }\n\ntype pages struct {\n\thandlers\n}\n"},
		"a package for tests":                  {room: "app/apptest", source: "package apptest\n\nvar last int\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.room == "" {
				tc.room = "products/payment"
			}
			if tc.file == "" {
				tc.file = "payment.go"
			}
			found := broken(newRoom(t, tc.room, map[string]string{tc.room + "/" + tc.file: tc.source}))
			if tc.want == "" && len(found) > 0 {
				t.Errorf("found %q, want nothing", found)
			}
			if tc.want != "" && (len(found) != 1 || !strings.Contains(found[0], tc.want)) {
				t.Errorf("found %q, want one with %q", found, tc.want)
			}
		})
	}
}

func TestImportRulesFindWhatTheyForbid(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		from, imp string
		bad       bool
	}{
		"a product uses the ledger":             {from: "products/payment", imp: module + "records/ledger"},
		"the ledger uses a product":             {from: "records/ledger", imp: module + "products/payment", bad: true},
		"a neighbour":                           {from: "products/card", imp: module + "products/loan", bad: true},
		"its own codec":                         {from: "products/clearing", imp: module + "products/clearing/iso20022"},
		"a neighbour's codec":                   {from: "products/exchange", imp: module + "products/clearing/iso20022", bad: true},
		"a room without a tier":                 {from: "products/unknown", imp: "fmt", bad: true},
		"HTTP in the API":                       {from: "api/mobile", imp: "net/http"},
		"HTTP in a product":                     {from: "products/payment", imp: "net/http", bad: true},
		"a part of a driver in a product":       {from: "products/payment", imp: "github.com/jackc/pgx/v5/pgconn", bad: true},
		"SQL in the vault":                      {from: "platform/vault", imp: "database/sql", bad: true},
		"an id that knows its column":           {from: "values/id", imp: "database/sql/driver"},
		"the bus uses an event":                 {from: "platform/bus", imp: module + "values/event", bad: true},
		"SQL in the database":                   {from: "platform/db", imp: "database/sql"},
		"a package for tests in the bank":       {from: "app", imp: module + "platform/db/dbtest", bad: true},
		"a package for tests in one like it":    {from: "app/apptest", imp: module + "platform/db/dbtest"},
		"the test of all, which counts as app":  {from: "app/apptest", imp: module + "api/mobile"},
		"the API uses the app's test of it all": {from: "api", imp: module + "app/apptest", bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if found := badImports(tc.from, []string{tc.imp}); (len(found) > 0) != tc.bad {
				t.Errorf("found %q", found)
			}
		})
	}
}

func TestSchemaRulesFindWhatTheyForbid(t *testing.T) {
	t.Parallel()
	const file = "products/payment/migrations/001_transfer.sql"
	table := func(lines ...string) string {
		return "CREATE TABLE payment_transfer (\n\t" + strings.Join(lines, "\n\t") + "\n);\n"
	}
	for name, tc := range map[string]struct {
		file, text, want string
	}{
		"a good table":               {text: table("id TEXT NOT NULL, -- C1", "amount BIGINT NOT NULL, -- C2", "CONSTRAINT payment_transfer_pk PRIMARY KEY (id)")},
		"a reason after the class":   {text: table("id TEXT NOT NULL, -- C1 the reference on the receipt")},
		"a column without a class":   {text: table("id TEXT NOT NULL,"), want: "column id has no class"},
		"an unknown class":           {text: table("id TEXT NOT NULL, -- C4"), want: "column id has no class"},
		"a column added without one": {text: "ALTER TABLE payment_transfer ADD COLUMN memo TEXT;\n", want: "column memo has no class"},
		"a nameless key":             {text: table("id TEXT PRIMARY KEY -- C1"), want: "without a name"},
		"a nameless check":           {text: table("id TEXT NOT NULL, -- C1", "CHECK (id <> '')"), want: "without a name"},
		"another's table":            {text: strings.ReplaceAll(table("id TEXT NOT NULL, -- C1"), "payment_", "card_"), want: "start with payment_"},
		"another's key":              {text: table("id TEXT NOT NULL CONSTRAINT payment_transfer_fk REFERENCES ledger_account -- C1"), want: "start with payment_"},
		"another's index":            {text: "CREATE INDEX transfer_by_day ON payment_transfer (day);\n", want: "start with payment_"},
		"a type of one database":     {text: table("id INTEGER NOT NULL -- C1"), want: "column id is INTEGER"},
		"a number that rounds":       {text: table("id NUMERIC NOT NULL -- C1"), want: "not SQL of both"},
		"a file without a number":    {file: "products/payment/migrations/transfer.sql", want: "001_transfer.sql"},
		"a file elsewhere":           {file: "products/payment/sql/001_a.sql", want: "folder migrations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.file == "" {
				tc.file = file
			}
			found := badMigration(tc.file, tc.text)
			if tc.want == "" && len(found) > 0 || tc.want != "" && !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, tc.want) }) {
				t.Errorf("found %q, want %q", found, tc.want)
			}
		})
	}
	for q, want := range map[string]string{
		"SELECT id FROM payment_transfer":                                              "",
		"SELECT e.id FROM ledger_entry e":                                              "touches ledger's table",
		"WITH due_rows AS (SELECT id FROM payment_transfer) SELECT id FROM due_rows":   "",
		"UPDATE payment_transfer SET state = $1 FROM deposit_account a":                "touches deposit's table",
		"SELECT * FROM payment_transfer":                                               "not SQL of both",
		"SELECT id FROM payment_transfer ORDER BY id LIMIT $1 OFFSET $2":               "not SQL of both",
		"UPDATE payment_transfer SET at = now()":                                       "not SQL of both",
		"INSERT INTO payment_transfer (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET": "",
	} {
		r := newRoom(t, "products/payment", map[string]string{"products/payment/store.go": "package payment\n\nconst q = `" + q + "`\n"})
		found := append(strangeTables(r), foreignSQL(r)...)
		if want == "" && len(found) > 0 || want != "" && (len(found) != 1 || !strings.Contains(found[0], want)) {
			t.Errorf("%s: found %q, want %q", q, found, want)
		}
	}
}

func TestPictureHasEveryFloorOnce(t *testing.T) {
	t.Parallel()
	drawn := picture()
	for _, floor := range []string{"app/", "api/", "engagement/", "oversight/", "products/", "parties/", "records/", "values/", "platform/"} {
		if strings.Count(drawn, "\n"+floor)+strings.Count(drawn[:len(floor)], floor) != 1 {
			t.Errorf("%s is not there once:\n%s", floor, drawn)
		}
	}
	if !strings.Contains(drawn, "payment cash > clearing exchange > deposit > catalog") {
		t.Errorf("lower rooms do not stand right of >:\n%s", drawn)
	}
}
