package approval_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestTheLastAgreementDoesTheActInItsTransaction(t *testing.T) {
	t.Parallel()
	policy := approval.Policy{Bands: []approval.Band{{Steps: []approval.Step{approval.By("operations"), approval.By("risk_officer")}}}}
	onBanks(t, policy, func(t *testing.T, b *bank) {
		teller, clerk, officer := b.somebody("teller"), b.somebody("operations"), b.somebody("risk_officer")
		r := b.submit(teller, 7)
		if r.State != approval.Waiting || r.Fields[0].Before != "1" || r.Fields[0].After != "7" || r.Reason == "" {
			t.Fatalf("the request does not show the change: %+v", r)
		}
		b.notDecided(officer, agree(r), approval.ErrRole)
		half := b.decided(clerk, agree(r), approval.Waiting)
		if b.number != 1 {
			t.Fatal("one of two agreements did the act")
		}
		b.notDecided(officer, agree(r), approval.ErrSeen) // saw the step before
		done := b.decided(officer, agree(half), approval.Executed)
		if b.number != 7 || done.Result != teller.Actor {
			t.Errorf("the number is %d, done by %s", b.number, done.Result)
		}
		if got := b.grants[0].Approvers(); !slices.Equal(got, []id.Staff{id.Staff(clerk.Actor), id.Staff(officer.Actor)}) {
			t.Errorf("approvers %v", got)
		}
		shown, err := b.Find(t.Context(), teller, r.ID, false)
		if err != nil || len(shown.Taken) != 2 || shown.State != approval.Executed {
			t.Errorf("shown as %+v, %v", shown, err)
		}
		if _, err := b.Find(t.Context(), b.somebody("marketing"), r.ID, false); !errors.Is(err, approval.ErrNotFound) {
			t.Errorf("a stranger finds it: %v", err)
		}
	})
}

func TestAGrantCoversOneChangeWhileTheActRuns(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		r := b.submit(b.somebody(), 7)
		b.decided(b.somebody("operations"), agree(r), approval.Executed)
		if b.grants[0].Covers(kindSet, setting{To: 7}) {
			t.Error("the grant outlives its act")
		}
		if (approval.Grant{}).Covers(kindSet, setting{To: 7}) {
			t.Error("an empty grant covers something")
		}
		for name, change := range map[string]any{"another change": setting{To: 8}, "no change": nil, "what cannot be written": func() {}} {
			b.must(b.Register(approval.Of("test."+name, 0, approval.Policy{Bands: []approval.Band{{}}}, approval.Executor[setting]{
				Describe: b.describe,
				Execute: func(_ ctx, _ *db.Tx, _ act.By, g act.Grant, s setting) (string, error) {
					if g.Covers("test."+name, change) || g.Covers(kindSet, s) || !g.Covers("test."+name, s) {
						t.Errorf("%s is covered", name)
					}
					return "", nil
				},
			})))
			if _, err := b.Submit(t.Context(), b.somebody(), approval.Proposal{Kind: "test." + name, Params: setting{To: 7}}); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestNobodyDecidesHisOwnRequest(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker := b.somebody("operations")
		r := b.submit(asker, 7)
		b.notDecided(asker, agree(r), approval.ErrOwn)
		b.notDecided(b.again(asker, "operations"), agree(r), approval.ErrOwn) // a second account of the same person
		gone := b.somebody("operations")
		b.staff[id.Staff(gone.Actor)] = approval.Member{Person: "x", Roles: []string{"operations"}}
		b.notDecided(gone, agree(r), approval.ErrStaff)
		b.notDecided(act.Person("cust_1", act.Mobile), agree(r), approval.ErrStaff)
		tied := b.somebody("operations")
		b.denied[id.Staff(tied.Actor)] = errNumber
		b.notDecided(tied, agree(r), errNumber)
		if n := b.refusals(approval.ErrOwn.Code()); n != 2 {
			t.Errorf("%d attempts on oneself's request are on record, want 2", n)
		}
		if b.number != 1 {
			t.Error("the act was done")
		}
	})
}

func TestNobodyDecidesTwice(t *testing.T) {
	t.Parallel()
	policy := approval.Policy{Bands: []approval.Band{{Steps: []approval.Step{approval.By("operations"), approval.By("operations")}}}}
	onBanks(t, policy, func(t *testing.T, b *bank) {
		first := b.somebody("operations")
		r := b.decided(first, agree(b.submit(b.somebody(), 7)), approval.Waiting)
		b.notDecided(first, agree(r), approval.ErrTwice)
		b.notDecided(b.again(first, "operations"), agree(r), approval.ErrTwice)
		b.decided(b.somebody("operations"), agree(r), approval.Executed)
	})
}

func TestTwoApproversAtOnceDoTheActOnce(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		r := b.submit(b.somebody(), 7)
		const crowd = 6
		var all sync.WaitGroup
		errs := make([]error, crowd)
		for i := range crowd {
			by := b.somebody("operations")
			all.Go(func() { _, errs[i] = b.Decide(t.Context(), by, agree(r)) })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, approval.ErrEnded):
				t.Errorf("lost with %v", err)
			}
		}
		if done != 1 || len(b.grants) != 1 {
			t.Errorf("%d approvers succeeded, the act was done %d times", done, len(b.grants))
		}
	})
}

func TestARequestIsOvertakenWhenTheThingChanged(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker, clerk := b.somebody(), b.somebody("operations")
		first, second := b.submit(asker, 7), b.submit(asker, 8)
		b.decided(clerk, agree(first), approval.Executed)
		r := b.decided(clerk, agree(second), approval.Overtaken)
		if r.Code != approval.ErrOvertaken.Code() || b.number != 7 {
			t.Errorf("ended as %s, the number is %d", r.Code, b.number)
		}
		b.notDecided(clerk, agree(second), approval.ErrEnded)
	})
}

func TestARequestFailsWhenARuleForbidsTheActByNow(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker, clerk := b.somebody(), b.somebody("operations")
		r := b.submit(asker, 7)
		b.refuse = fault.New(fault.Busy, "test.later")
		b.notDecided(clerk, agree(r), fault.New(fault.Busy, "test.later")) // not final: it goes on waiting
		b.refuse = errNumber
		failed := b.decided(clerk, agree(r), approval.Failed)
		shown, err := b.Find(t.Context(), asker, r.ID, false)
		if err != nil || failed.Code != errNumber.Code() || shown.Code != errNumber.Code() || len(shown.Taken) != 1 {
			t.Errorf("failed as %+v, %v", shown, err)
		}
	})
}

func TestWhatIsAgreedToIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		clerk := b.somebody("operations")
		r, other := b.submit(b.somebody(), 7), b.submit(b.somebody(), 8)
		d := agree(r)
		d.Hash = other.Hash
		b.notDecided(clerk, d, approval.ErrSeen)
		b.notDecided(clerk, approval.Decision{Request: "aprv_none", Agree: true}, approval.ErrNotFound)
	})
}

func TestARefusalSaysWhy(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker, clerk := b.somebody(), b.somebody("operations")
		r := b.submit(asker, 7)
		no := agree(r)
		no.Agree = false
		b.notDecided(clerk, no, approval.ErrReason)
		no.Reason = "not his number"
		b.decided(clerk, no, approval.Refused)
		b.notDecided(clerk, agree(r), approval.ErrEnded)
		shown, err := b.Find(t.Context(), asker, r.ID, false)
		if err != nil || shown.Taken[0].Reason != "not his number" || b.number != 1 {
			t.Errorf("shown as %+v, %v", shown, err)
		}
		if n, err := b.Unseen(t.Context(), asker); n != 1 || err != nil {
			t.Errorf("%d unseen, %v", n, err)
		}
		b.must(b.Seen(t.Context(), asker))
		if n, err := b.Unseen(t.Context(), asker); n != 0 || err != nil {
			t.Errorf("%d unseen after looking, %v", n, err)
		}
	})
}

func TestOnlyTheRequesterWithdraws(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker, clerk := b.somebody(), b.somebody("operations")
		r := b.submit(asker, 7)
		if _, err := b.Withdraw(t.Context(), clerk, r.ID); !errors.Is(err, approval.ErrNotYours) {
			t.Errorf("withdrawn by another: %v", err)
		}
		if back, err := b.Withdraw(t.Context(), asker, r.ID); err != nil || back.State != approval.Withdrawn {
			t.Errorf("%s, %v", back.State, err)
		}
		b.notDecided(clerk, agree(r), approval.ErrEnded)
		if _, err := b.Withdraw(t.Context(), asker, r.ID); !errors.Is(err, approval.ErrEnded) {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

func TestRequestsExpire(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker, clerk := b.somebody(), b.somebody("operations")
		late, forgotten := b.submit(asker, 7), b.submit(asker, 8)
		b.clock.Advance(72 * time.Hour)
		b.notDecided(clerk, agree(late), approval.ErrEnded)
		if n, err := b.Expire(t.Context()); n != 1 || err != nil {
			t.Errorf("%d expired, %v", n, err)
		}
		for _, r := range []approval.Request{late, forgotten} {
			if shown, err := b.Find(t.Context(), asker, r.ID, false); err != nil || shown.State != approval.Expired {
				t.Errorf("%s, %v", shown.State, err)
			}
		}
		if todo, _, err := b.Todo(t.Context(), clerk, "", 0); len(todo) != 0 || err != nil {
			t.Errorf("%d wait, %v", len(todo), err)
		}
	})
}

func TestThePolicyAsksForStepsByAmountAndRole(t *testing.T) {
	t.Parallel()
	policy := approval.Policy{Bands: []approval.Band{
		{Steps: []approval.Step{}},
		{Roles: []string{"trainee"}, Steps: []approval.Step{approval.By("teller")}},
		{FromMinor: 5_000_00, Steps: []approval.Step{approval.By("operations")}},
		{FromMinor: 50_000_00, Steps: []approval.Step{approval.By("operations"), approval.By("risk_officer")}},
	}}
	onBanks(t, policy, func(t *testing.T, b *bank) {
		for name, tc := range map[string]struct {
			role   string
			amount int64
			steps  int
		}{
			"a small amount is done at once":       {role: "teller", amount: 4_999_99, steps: 0},
			"a trainee's is looked at":             {role: "trainee", amount: 1, steps: 1},
			"the limit itself needs a step":        {role: "teller", amount: 5_000_00, steps: 1},
			"a large amount needs two":             {role: "teller", amount: 50_000_00, steps: 2},
			"a trainee's large amount needs both":  {role: "trainee", amount: 70_000_00, steps: 2},
			"an act without an amount counts as 0": {role: "teller", steps: 0},
		} {
			before := len(b.grants)
			r, err := b.Submit(t.Context(), b.somebody(tc.role), approval.Proposal{Kind: kindSet, Params: setting{To: b.number, Amount: tc.amount}})
			if err != nil || len(r.Steps) != tc.steps {
				t.Errorf("%s: %d steps, %v", name, len(r.Steps), err)
			}
			if done := len(b.grants) > before; done != (tc.steps == 0) || done != (r.State == approval.Executed) {
				t.Errorf("%s: done %t, %s", name, done, r.State)
			}
		}
	})
}

func TestAPolicyIsChangedUnderItsOwnApproval(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		admin, second := b.somebody("administrator"), b.somebody("administrator")
		ask := func(p approval.Policy) (approval.Request, error) {
			return b.Submit(t.Context(), admin, approval.Proposal{Kind: approval.KindPolicy, Params: p})
		}
		for name, p := range map[string]approval.Policy{
			"no bands":             {Kind: kindSet},
			"a gap at the bottom":  {Kind: kindSet, Bands: []approval.Band{{FromMinor: 1, Steps: []approval.Step{approval.By("teller")}}}},
			"a step for nobody":    {Kind: kindSet, Bands: []approval.Band{{Steps: []approval.Step{{}}}}},
			"fewer steps than due": {Kind: approval.KindPolicy, Bands: []approval.Band{{Steps: []approval.Step{}}}},
		} {
			if _, err := ask(p); !errors.Is(err, approval.ErrPolicy) {
				t.Errorf("%s: %v", name, err)
			}
		}
		none := approval.One("teller")
		none.Kind = "test.none"
		if _, err := ask(none); !errors.Is(err, approval.ErrKind) {
			t.Errorf("an unknown kind: %v", err)
		}
		fresh := approval.One("teller")
		fresh.Kind = kindSet
		r, err := ask(fresh)
		b.must(err)
		stale, err := ask(fresh)
		b.must(err)
		b.decided(second, agree(r), approval.Executed)
		b.decided(second, agree(stale), approval.Overtaken)
		r = b.submit(b.somebody(), 7)
		b.notDecided(b.somebody("operations"), agree(r), approval.ErrRole)
		b.decided(b.somebody("teller"), agree(r), approval.Executed)
		all, err := b.Policies(t.Context())
		if err != nil || len(all) != 2 || all[1].Kind != kindSet || all[1].Number != 1 {
			t.Errorf("policies %+v, %v", all, err)
		}
	})
}

func TestTodoShowsWhatSomebodyMayDecide(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations", "administrator"), func(t *testing.T, b *bank) {
		asker, clerk := b.somebody("operations"), b.somebody("operations", "administrator")
		var want []id.Approval
		for i := range 5 {
			want = append(want, b.submit(asker, i).ID)
			b.clock.Advance(time.Second)
		}
		b.submit(clerk, 9) // his own does not wait for him
		var got []id.Approval
		for after := id.Approval(""); ; {
			page, next, err := b.Todo(t.Context(), clerk, after, 2)
			b.must(err)
			for _, r := range page {
				got = append(got, r.ID)
			}
			if after = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		mine, err := b.Mine(t.Context(), asker, "", 3)
		if err != nil || len(mine) != 3 || mine[0].ID != want[4] {
			t.Errorf("mine %v, %v", mine, err)
		}
		all, err := b.List(t.Context(), approval.Query{State: approval.Waiting, Kind: kindSet, Branch: act.HeadOffice})
		if err != nil || len(all) != 6 {
			t.Errorf("%d of all, %v", len(all), err)
		}
	})
}

func TestTheSameKeyAsksOnce(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker := b.somebody()
		p := approval.Proposal{Kind: kindSet, Params: setting{To: 7}, Key: "k1"}
		first, err := b.Submit(t.Context(), asker, p)
		b.must(err)
		second, err := b.Submit(t.Context(), asker, p)
		if err != nil || second.ID != first.ID || second.Fields[0] != first.Fields[0] {
			t.Errorf("asked again: %+v, %v", second, err)
		}
		p.Params = setting{To: 8}
		if _, err := b.Submit(t.Context(), asker, p); !errors.Is(err, once.ErrReused) {
			t.Errorf("another change under the key: %v", err)
		}
	})
}

func TestBadProposalsAreRefused(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		asker := b.somebody()
		for name, tc := range map[string]struct {
			by     act.By
			kind   string
			params any
			want   error
		}{
			"by a customer":       {act.Person("cust_1", act.Mobile).Because("x"), kindSet, setting{}, approval.ErrStaff},
			"without a reason":    {asker.Because(""), kindSet, setting{}, approval.ErrReason},
			"of an unknown kind":  {asker, "test.none", setting{}, approval.ErrKind},
			"with another change": {asker, kindSet, json.RawMessage(`{"to":1,"from":2}`), approval.ErrParams},
			"with two changes":    {asker, kindSet, json.RawMessage(`[{"to":1}]`), approval.ErrParams},
			"by who has left":     {act.By{Kind: act.Staff, Actor: "stff_gone", Reason: "x"}, kindSet, setting{}, approval.ErrStaff},
		} {
			if _, err := b.Submit(t.Context(), tc.by, approval.Proposal{Kind: tc.kind, Params: tc.params}); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
	})
}

func TestManyDecisionsAreTakenEachAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		clerk := b.somebody("operations")
		r, own := b.submit(b.somebody(), 1), b.submit(clerk, 2)
		outcomes, err := b.DecideMany(t.Context(), clerk, []approval.Decision{agree(own), agree(r)})
		if err != nil || !errors.Is(outcomes[0].Err, approval.ErrOwn) || outcomes[1].Request.State != approval.Executed {
			t.Errorf("%+v, %v", outcomes, err)
		}
		if _, err := b.DecideMany(t.Context(), clerk, make([]approval.Decision, approval.DecisionsMost+1)); !errors.Is(err, approval.ErrMany) {
			t.Errorf("too many: %v", err)
		}
	})
}

func TestWhatIsSaidAboutAPersonGoesWithHisKey(t *testing.T) {
	t.Parallel()
	onBanks(t, approval.One("operations"), func(t *testing.T, b *bank) {
		const li = "cust_li"
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { return b.vault.Create(t.Context(), tx, li) }))
		asker := b.somebody()
		r, err := b.Submit(t.Context(), asker, approval.Proposal{Kind: kindSet, Params: setting{To: 7, Owner: li}})
		b.must(err)
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			_, data, err := b.Export(t.Context(), tx, li)
			if !strings.Contains(string(raw(t, data)), `"after":"7"`) {
				t.Errorf("his copy has %s", raw(t, data))
			}
			return err
		}))
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { return b.vault.Destroy(t.Context(), tx, li) }))
		shown, err := b.Find(t.Context(), asker, r.ID, false)
		if err != nil || shown.Params != nil || shown.Fields != nil || shown.Reason != "" {
			t.Errorf("after the erasure %+v, %v", shown, err)
		}
		if _, err := b.Decide(t.Context(), b.somebody("operations"), agree(r)); err == nil {
			t.Error("a change that nobody can read was done")
		}
	})
}

func TestTextsAreWhole(t *testing.T) {
	t.Parallel()
	if problems := i18n.NewCatalog(approval.Texts()).Missing(); len(problems) > 0 {
		t.Error(problems)
	}
}
