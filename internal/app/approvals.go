package app

import (
	"context"
	"strconv"
	"strings"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/rule"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// openApprovals opens the room of approvals. It stands below the products, whose acts it knows only by what
// registerKinds says of them.
func (b *Bank) openApprovals(context.Context, Options) error {
	var err error
	b.Approvals, err = approval.New(approval.Parts{
		DB: b.DB, Clock: b.Clock, Staff: colleagues{b.Access}, Rules: b.Rules, Days: b.Days, Vault: b.Vault, Audit: b.Audit, Events: b.Bus,
	})
	if err != nil {
		return err
	}
	return b.registerKinds()
}

// colleagues are the bank's people, as approvals know them.
type colleagues struct{ access *access.Service }

// Member implements approval.Staff.
func (c colleagues) Member(ctx context.Context, _ *db.Tx, staff id.Staff, branch string) (approval.Member, error) {
	m, err := c.access.MemberAt(ctx, staff, branch)
	roles := make([]string, len(m.Roles))
	for i, r := range m.Roles {
		roles[i] = string(r)
	}
	return approval.Member{Person: m.Person, Roles: roles, Active: m.Active}, err
}

// MayDecide implements approval.Staff. That nobody decides for himself approvals see to, under all accounts of a person.
func (c colleagues) MayDecide(ctx context.Context, _ *db.Tx, staff id.Staff, about approval.About) error {
	return c.access.Check(ctx, access.Question{
		Staff: staff, Permission: access.ActionApprove, Purpose: access.Operating, Amount: about.Amount,
		About: access.Subject{Branch: about.Branch, Customer: about.Customer, Act: about.Kind},
	})
}

// Roles that decide.
const (
	admin             = string(access.RoleAdministrator)
	operations        = string(access.RoleOperations)
	risk              = string(access.RoleRiskOfficer)
	complianceOfficer = string(access.RoleComplianceOfficer)
	products          = string(access.RoleProductManager)
)

// registerKinds puts the acts of all rooms that need it under four eyes, with the policies that hold until the bank
// decides others. Which amounts are whose is in the policies of package access.
func (b *Bank) registerKinds() error {
	two := func(first ...string) approval.Policy {
		return approval.Policy{Bands: []approval.Band{{Steps: []approval.Step{approval.By(first...), approval.By(complianceOfficer)}}}}
	}
	return b.Approvals.Register(
		approval.Of(payment.ApprovalReverse, 1, approval.One(operations, risk), b.reversals()),
		approval.Of(customer.ApprovalFreeze, 1, approval.One(risk, complianceOfficer), b.freezes(b.Customers.FreezeForBank, customer.Frozen)),
		approval.Of(customer.ApprovalThaw, 1, approval.One(risk, complianceOfficer), b.freezes(b.Customers.ThawForBank, customer.Active)),
		approval.Of(customer.ApprovalExport, 1, approval.One(complianceOfficer), b.copies()),
		approval.Of(customer.ApprovalRename, 1, approval.One(operations, complianceOfficer), b.renames()),
		approval.Of(auth.KindReset, 1, approval.One(operations), b.resets()),
		approval.Of(deposit.ApprovalRestrain, 1, approval.One(risk, complianceOfficer), b.restraints()),
		approval.Of(deposit.ApprovalThaw, 1, approval.One(risk, complianceOfficer), b.liftings()),
		approval.Of(deposit.ApprovalRaise, 1, approval.One(operations, risk), b.agreedLimits()),
		approval.Of(ledger.ActManual, 1, approval.One(operations, risk), b.manualJournals()),
		approval.Of(rule.ActChange, 1, two(products, risk), b.ruleChanges()),
		approval.Of(catalog.ApprovalPrice, 1, two(products), b.rateChanges()),
		approval.Of(catalog.ApprovalVersion, 1, two(products, risk), b.versionChanges()),
		approval.Of(cash.ApprovalPayOut, 1, approval.One(operations), b.payOuts()),
		approval.Of(cash.ApprovalDelivery, 1, approval.One(operations), b.deliveries()),
		approval.Of(string(access.ActionAssign), 1, approval.One(admin, complianceOfficer), b.roleChanges()),
		approval.Of(string(access.ActionReset), 1, approval.One(admin), b.staffResets()),
	)
}

// field is one line of a change.
func field(name, before, after string) approval.Field {
	return approval.Field{Name: "approval.field." + name, Before: before, After: after}
}

func (b *Bank) reversals() approval.Executor[payment.TakeBack] {
	return approval.Executor[payment.TakeBack]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, r payment.TakeBack) (approval.Change, error) {
			t, err := b.Payments.Reversible(ctx, tx, r)
			return approval.Change{
				Subject: string(t.ID), Customer: t.Payer, Branch: t.By.Branch, Amount: t.Amount, State: t.Journal,
				Fields: []approval.Field{field("state", string(payment.Settled), string(payment.Reversed)), field("amount", money.Zero(money.CNY).String(), t.Amount.String())},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, r payment.TakeBack) (string, error) {
			t, err := b.Payments.Reverse(ctx, tx, by, g, r)
			return string(t.Reversal), err
		},
	}
}

// bankFreeze is what the bank does with a customer's money: freeze it or thaw it.
type bankFreeze func(context.Context, *db.Tx, act.By, act.Grant, customer.BankFreeze) (customer.Customer, error)

func (b *Bank) freezes(do bankFreeze, to customer.State) approval.Executor[customer.BankFreeze] {
	return approval.Executor[customer.BankFreeze]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, f customer.BankFreeze) (approval.Change, error) {
			c, err := b.person(ctx, tx, f.Customer)
			return approval.Change{
				Subject: string(c.ID), Customer: c.ID, Branch: c.HomeBranch, State: c.FrozenBy, Fields: []approval.Field{field("state", string(c.State), string(to))},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, f customer.BankFreeze) (string, error) {
			c, err := do(ctx, tx, by, g, f)
			return string(c.ID), err
		},
	}
}

func (b *Bank) person(ctx context.Context, tx *db.Tx, who id.Customer) (customer.Customer, error) {
	found, err := b.Customers.Find(ctx, tx, []id.Customer{who})
	if err != nil {
		return customer.Customer{}, err
	}
	c, known := found[who]
	if !known {
		return customer.Customer{}, customer.ErrUnknown
	}
	return c, nil
}

func (b *Bank) copies() approval.Executor[customer.BankCopy] {
	return approval.Executor[customer.BankCopy]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, c customer.BankCopy) (approval.Change, error) {
			p, err := b.person(ctx, tx, c.Customer)
			return approval.Change{
				Subject: string(p.ID), Customer: p.ID, Branch: p.HomeBranch,
				Fields: []approval.Field{field("authority", "", c.Authority), field("reference", "", c.Reference)},
			}, err
		},
		Execute: b.Customers.CopyForBank,
	}
}

func (b *Bank) renames() approval.Executor[customer.NameChange] {
	return approval.Executor[customer.NameChange]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, n customer.NameChange) (approval.Change, error) {
			c, err := b.Customers.Renamable(ctx, tx, n)
			return approval.Change{
				Subject: string(c.ID), Customer: c.ID, Branch: c.HomeBranch, State: c.Name.Reveal(),
				Fields: []approval.Field{field("name", c.Name.Reveal(), n.Name), field("document", "", n.Document)},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, n customer.NameChange) (string, error) {
			c, err := b.Customers.Rename(ctx, tx, by, g, n)
			return string(c.ID), err
		},
	}
}

func (b *Bank) resets() approval.Executor[auth.FactorReset] {
	return approval.Executor[auth.FactorReset]{
		Describe: func(ctx context.Context, tx *db.Tx, _ act.By, r auth.FactorReset) (approval.Change, error) {
			c, err := b.person(ctx, tx, r.Customer)
			if err != nil {
				return approval.Change{}, err
			}
			state, err := b.Auth.Resettable(ctx, tx, r)
			return approval.Change{
				Subject: string(c.ID), Customer: c.ID, Branch: c.HomeBranch, State: state, Fields: []approval.Field{field("factors", "set", "none")},
			}, err
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, r auth.FactorReset) (string, error) {
			return string(r.Customer), b.Auth.ResetFactors(ctx, tx, by, g, r)
		},
	}
}

func (b *Bank) roleChanges() approval.Executor[access.RoleChange] {
	return approval.Executor[access.RoleChange]{
		Describe: func(ctx context.Context, tx *db.Tx, by act.By, c access.RoleChange) (approval.Change, error) {
			before, err := b.Access.RolesOf(ctx, c.Staff)
			if err != nil {
				return approval.Change{}, err
			}
			names := make([]string, len(before))
			for i, r := range before {
				names[i] = string(r)
			}
			after := "+" + string(c.Role) + " " + c.Branch
			if c.Ends != "" {
				after = "-" + string(c.Ends)
			}
			return approval.Change{Subject: string(c.Staff), Branch: c.Branch, Fields: []approval.Field{field("roles", strings.Join(names, " "), after)}},
				b.Access.CheckRole(ctx, tx, by, c)
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c access.RoleChange) (string, error) {
			a, err := b.Access.Assign(ctx, tx, by, g, c)
			return string(a.ID), err
		},
	}
}

func (b *Bank) staffResets() approval.Executor[access.NewFactors] {
	return approval.Executor[access.NewFactors]{
		Describe: func(_ context.Context, _ *db.Tx, by act.By, c access.NewFactors) (approval.Change, error) {
			if by.Actor == string(c.Staff) {
				return approval.Change{}, access.ErrSelf
			}
			return approval.Change{Subject: string(c.Staff), Fields: []approval.Field{field("factors", "set", "none")}}, nil
		},
		Execute: func(ctx context.Context, tx *db.Tx, by act.By, g act.Grant, c access.NewFactors) (string, error) {
			_, err := b.Access.Reset(ctx, tx, by, g, c) // the invitation goes by mail
			return string(c.Staff), err
		},
	}
}

func whole(minor int64) string { return money.New(minor, money.CNY).String() }

func number(n int) string { return strconv.Itoa(n) }
