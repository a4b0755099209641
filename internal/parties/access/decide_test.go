package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const li = id.Customer("cust_li")

// sqlite is a bank on the one database, for questions that no SQL answers.
func sqlite(t *testing.T) *bank {
	t.Helper()
	return newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
}

func TestARoleReachesItsBranchAndThoseBelow(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	teller := b.hire(access.RoleTeller, "0200")
	for branch, want := range map[string]bool{"0200": true, "0210": true, "0300": false, act.HeadOffice: false, "": true} {
		q := access.Question{Staff: teller, Permission: "customer.view", Purpose: access.ServingPeople, About: access.Subject{Branch: branch, Customer: li}}
		if got := b.may(q); got != want {
			t.Errorf("branch %q: %v", branch, got)
		}
	}
}

func TestAPurposeThatIsNotTheRolesIsDenied(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	teller := b.hire(access.RoleTeller, "0200")
	for _, p := range access.Purposes() {
		q := access.Question{Staff: teller, Permission: "customer.view", Purpose: p}
		if got := b.may(q); got != (p == access.ServingPeople) {
			t.Errorf("%s: %v", p, got)
		}
	}
	_, err := b.access.Decide(t.Context(), access.Question{Staff: teller, Permission: "customer.view", Purpose: "curiosity"})
	b.want(err, access.ErrPurpose)
}

func TestNobodyServesHimselfOrARelativeOrAgreesToHisOwnRequest(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	admin := b.hire(access.RoleAdministrator, act.HeadOffice)
	agent := b.hire(access.RoleServiceAgent, act.HeadOffice)
	b.must(b.access.Tie(t.Context(), staff(admin), agent, access.Tie{Customer: li, Kind: access.TieSelf}))
	b.must(b.access.Tie(t.Context(), staff(admin), agent, access.Tie{Customer: "cust_aunt", Kind: access.TieRelative}))
	for customer, want := range map[id.Customer]bool{li: false, "cust_aunt": false, "cust_wang": true} {
		q := access.Question{Staff: agent, Permission: "customer.view", Purpose: access.ServingPeople, About: access.Subject{Customer: customer}}
		if b.may(q) != want {
			t.Errorf("%s: %v", customer, !want)
		}
	}
	one := b.hireAs(access.RoleOperations, act.HeadOffice, "110101199003070070")
	two := b.hireAs(access.RoleOperations, act.HeadOffice, "110101199003070070")
	other := b.hireAs(access.RoleOperations, act.HeadOffice, "110101199003070038")
	for name, tc := range map[string]struct {
		who  id.Staff
		want bool
	}{"himself": {one, false}, "his second account": {two, false}, "somebody else": {other, true}} {
		q := access.Question{Staff: tc.who, Permission: access.ActionApprove, Purpose: access.Operating, About: access.Subject{Requester: one, Act: "payment.reverse"}}
		if b.may(q) != tc.want {
			t.Errorf("%s: %v", name, !tc.want)
		}
	}
}

func TestWhoMayAgreeDependsOnTheAmountAndTheHour(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	operations, risk := b.hire(access.RoleOperations, act.HeadOffice), b.hire(access.RoleRiskOfficer, act.HeadOffice)
	large := money.New(100_000_000, money.CNY)
	for name, tc := range map[string]struct {
		who    id.Staff
		amount money.Amount
		want   bool
	}{
		"operations, small": {operations, money.New(1, money.CNY), true},
		"operations, large": {operations, large, false},
		"risk, large":       {risk, large, true},
		"operations, yen":   {operations, money.New(1, money.JPY), false}, // nobody knows how much that is
	} {
		q := access.Question{Staff: tc.who, Permission: access.ActionApprove, Purpose: access.Operating, Amount: tc.amount, About: access.Subject{Act: "payment.reverse"}}
		if b.may(q) != tc.want {
			t.Errorf("%s: %v", name, !tc.want)
		}
	}
	reverse := access.Question{Staff: operations, Permission: "payment.reverse", Purpose: access.Operating, Amount: large}
	if !b.may(reverse) {
		t.Error("no reversal at noon")
	}
	reverse.At = noon.Add(12 * time.Hour)
	if b.may(reverse) {
		t.Error("a large reversal at midnight")
	}
}

func TestAScopeIsTheHighestBranchWhereARoleAllows(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	who := b.hire(access.RoleTeller, "0210")
	b.appoint(who, access.RoleServiceAgent, "0200")
	b.appoint(who, access.RoleAuditor, act.HeadOffice)
	for name, tc := range map[string]struct {
		permission access.Permission
		purpose    access.Purpose
		branch     string
		path       string
		err        error
	}{
		"as far as it goes":      {"customer.search", access.ServingPeople, "", "/0001/0200/", nil},
		"the auditor's is whole": {"customer.search", access.Inspecting, "", "/0001/", nil},
		"a branch below":         {"customer.search", access.ServingPeople, "0210", "/0001/0200/0210/", nil},
		"a branch beside":        {"customer.search", access.ServingPeople, "0300", "", access.ErrDenied},
		"no such branch":         {"customer.search", access.ServingPeople, "9999", "", access.ErrBranch},
		"only where a teller":    {"cash.deposit", access.ServingPeople, "0200", "", access.ErrDenied},
		"nothing of it":          {"customer.export", access.Complying, "", "", access.ErrDenied},
		"no such permission":     {"bank.rob", access.ServingPeople, "", "", access.ErrDenied},
	} {
		got, err := b.access.Scope(t.Context(), access.Reach{Staff: who, Permission: tc.permission, Purpose: tc.purpose, Branch: tc.branch})
		if got.Path != tc.path {
			t.Errorf("%s: %q", name, got.Path)
		}
		if tc.err != nil {
			b.want(err, tc.err)
		} else {
			b.must(err)
		}
	}
}

func TestAListReachesOnlyItsScope(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		south := b.hire(access.RoleTeller, "0200")
		b.clock.Advance(time.Second) // the list is in the order in which they came
		harbour, north := b.hire(access.RoleTeller, "0210"), b.hire(access.RoleTeller, "0300")
		all, err := b.access.List(t.Context(), access.Scope{Path: "/0001/0200/"}, "", 10)
		b.must(err)
		if len(all) != 2 || all[0].ID != south || all[1].ID != harbour || all[0].Name != "Lin" || len(all[0].Roles) != 1 {
			t.Errorf("list %+v", all)
		}
		_, err = b.access.Find(t.Context(), access.Scope{Path: "/0001/0200/"}, north)
		b.want(err, access.ErrUnknown)
		if none, err := b.access.List(t.Context(), access.Scope{}, "", 10); err != nil || len(none) != 0 {
			t.Errorf("no scope sees %v, %v", none, err)
		}
	})
}

func TestAnExplanationNamesThePoliciesThatDecided(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	admin, agent := b.hire(access.RoleAdministrator, act.HeadOffice), b.hire(access.RoleServiceAgent, act.HeadOffice)
	b.must(b.access.Tie(t.Context(), staff(admin), agent, access.Tie{Customer: li, Kind: access.TieSelf}))
	e, err := b.access.Explain(t.Context(), access.Question{Staff: agent, Permission: "customer.view", Purpose: access.ServingPeople, About: access.Subject{Customer: li}})
	b.must(err)
	if e.Allowed || !slices.Equal(e.Reasons, []string{"never.own_account"}) {
		t.Errorf("%+v", e.Decision)
	}
	applies := map[string]bool{}
	for _, w := range e.Considered {
		applies[w.ID] = w.Applies
		if !strings.HasPrefix(w.Text, "//") || !strings.HasSuffix(w.Text, ";") {
			t.Errorf("%s is shown as %q", w.ID, w.Text)
		}
	}
	if !applies["service_agent.serve"] || applies["teller.serve"] || !applies["never.own_account"] {
		t.Errorf("applies: %v", applies)
	}
}

func TestEveryRoleHasPoliciesAndEveryPolicyARoleThatExists(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	files := map[string]bool{}
	for _, p := range b.access.Policies() {
		files[p.File] = true
	}
	for _, r := range access.Roles() {
		if !files[string(r)] {
			t.Errorf("no policies of %s", r)
		}
		delete(files, string(r))
	}
	delete(files, "common")
	delete(files, "never")
	if len(files) > 0 {
		t.Errorf("files of no role: %v", files)
	}
}

// TestAnAnswerTakesMicroseconds leaves room for a busy machine: the figure aimed at is 50 µs.
func TestAnAnswerTakesMicroseconds(t *testing.T) {
	t.Parallel()
	b := sqlite(t)
	q := access.Question{
		Staff: b.hire(access.RoleTeller, "0200"), Permission: "customer.view", Purpose: access.ServingPeople,
		About: access.Subject{Branch: "0210", Customer: li}, Amount: money.New(1, money.CNY),
	}
	result := testing.Benchmark(func(bench *testing.B) {
		for bench.Loop() {
			b.may(q)
		}
	})
	if took := result.NsPerOp(); took > 500_000 {
		t.Errorf("%d ns for an answer", took)
	} else {
		t.Logf("%d ns for an answer, %d allocations", took, result.AllocsPerOp())
	}
}
