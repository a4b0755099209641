package approval_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// bank is the room on real ones, with made-up staff and one act under four eyes: setting a number.
type bank struct {
	testing.TB
	*approval.Service
	d      *db.DB
	clock  *clock.Fake
	audit  *audit.Log
	vault  *vault.Vault
	staff  map[id.Staff]approval.Member
	denied map[id.Staff]error // whom the bank's policies keep from deciding

	number  int           // what the act changes, in memory: the tests' own small room
	grants  []act.Grant   // that the act was done with
	refuse  error         // what the act fails with
	entered chan struct{} // told when the act begins
}

// setting is a change of the number.
type setting struct {
	To     int    `json:"to"`
	Amount int64  `json:"amount,omitempty"`
	Owner  string `json:"owner,omitempty"`
}

const kindSet = "test.set"

var errNumber = fault.New(fault.Rejected, "test.not_this_number")

func (b *bank) Member(_ context.Context, _ *db.Tx, staff id.Staff, _ string) (approval.Member, error) {
	return b.staff[staff], nil
}

func (b *bank) MayDecide(_ context.Context, _ *db.Tx, staff id.Staff, _ approval.About) error {
	return b.denied[staff]
}

var sharedRing = sync.OnceValues(crypto.NewRing)

func onBanks(t *testing.T, policy approval.Policy, test func(t *testing.T, b *bank)) {
	t.Helper()
	for name, address := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "bank.db") },
		"postgres": func(t *testing.T) string { return dbtest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newBank(t, address(t), policy))
		})
	}
}

func newBank(t *testing.T, address string, policy approval.Policy) *bank {
	t.Helper()
	ring, err := sharedRing()
	b := &bank{
		TB: t, clock: clock.NewFake(time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)), staff: map[id.Staff]approval.Member{}, denied: map[id.Staff]error{},
		number: 1,
	}
	b.must(err)
	b.d, err = db.Open(t.Context(), address, db.Options{Clock: b.clock, Relaxed: true, Readers: 8})
	b.must(err)
	t.Cleanup(b.d.Close)
	b.must(b.d.Migrate(t.Context(), once.Migrations(), vault.Migrations(), bus.Migrations(), audit.Migrations(), day.Migrations(), rule.Migrations(),
		approval.Migrations()))
	zone, err := clock.Zone("Asia/Shanghai")
	b.must(err)
	rules := rule.New(b.d)
	b.must(rules.Seed(t.Context()))
	b.audit, b.vault = audit.New(b.d, ring, nil, audit.Options{}), vault.New(ring)
	b.Service, err = approval.New(approval.Parts{
		DB: b.d, Clock: b.clock, Staff: b, Rules: rules, Days: day.New(b.d, zone), Vault: b.vault, Audit: b.audit,
		Events: bus.New(b.d, clock.System(), bus.Options{}),
	})
	b.must(err)
	b.must(b.Register(approval.Of(kindSet, 0, policy, approval.Executor[setting]{Describe: b.describe, Execute: b.execute})))
	return b
}

func (b *bank) describe(_ context.Context, _ *db.Tx, _ act.By, s setting) (approval.Change, error) {
	c := approval.Change{
		Subject: "number", Customer: id.Customer(s.Owner),
		Fields: []approval.Field{{Name: "test.number", Before: string(rune('0' + b.number)), After: string(rune('0' + s.To))}},
	}
	if s.Amount > 0 {
		c.Amount = money.New(s.Amount, money.CNY)
	}
	return c, nil
}

func (b *bank) execute(_ context.Context, tx *db.Tx, by act.By, g act.Grant, s setting) (string, error) {
	if err := act.Approved(g, kindSet, s); err != nil {
		return "", err
	}
	if b.refuse != nil {
		return "", b.refuse
	}
	b.grants = append(b.grants, g)
	tx.AfterCommit(func() { b.number = s.To })
	return by.Actor, nil
}

func (b *bank) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// somebody hires a person under a first account.
func (b *bank) somebody(roles ...string) act.By {
	who := id.New[id.Staff](b.clock.Advance(time.Millisecond))
	return b.account("person of "+string(who), who, roles)
}

// again gives a person a second account.
func (b *bank) again(of act.By, roles ...string) act.By {
	return b.account(b.staff[id.Staff(of.Actor)].Person, id.New[id.Staff](b.clock.Advance(time.Millisecond)), roles)
}

func (b *bank) account(person string, who id.Staff, roles []string) act.By {
	b.staff[who] = approval.Member{Person: person, Roles: roles, Active: true}
	return act.By{Kind: act.Staff, Actor: string(who), Channel: act.Console, Branch: act.HeadOffice, Reason: "it was asked for"}
}

func (b *bank) submit(by act.By, to int) approval.Request {
	b.Helper()
	r, err := b.Submit(b.Context(), by, approval.Proposal{Kind: kindSet, Params: setting{To: to}})
	b.must(err)
	return r
}

func agree(r approval.Request) approval.Decision {
	return approval.Decision{Request: r.ID, Agree: true, Hash: r.Hash, Step: r.Step}
}

// decided expects a decision to leave the request in a state.
func (b *bank) decided(by act.By, d approval.Decision, want approval.State) approval.Request {
	b.Helper()
	r, err := b.Decide(b.Context(), by, d)
	b.must(err)
	if r.State != want {
		b.Fatalf("the request is %s (%s), want %s", r.State, r.Code, want)
	}
	return r
}

func (b *bank) notDecided(by act.By, d approval.Decision, want error) {
	b.Helper()
	if _, err := b.Decide(b.Context(), by, d); !errors.Is(err, want) {
		b.Fatalf("decided with %v, want %v", err, want)
	}
}

func (b *bank) refusals(code string) int {
	b.Helper()
	n := 0
	entries, err := b.audit.List(b.Context(), audit.Query{})
	b.must(err)
	for _, e := range entries {
		if e.Outcome == audit.Refused && e.Code == code {
			n++
		}
	}
	return n
}

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
