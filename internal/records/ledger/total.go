package ledger

import "github.com/tongbao/tongbao/internal/values/money"

// Total is what a general ledger account has gathered.
type Total struct {
	Account string // a name made by Own
	Heading Heading
	Branch  string
	Debit   money.Amount // sum of all debits
	Credit  money.Amount // sum of all credits
}

// Balance is the total on the heading's normal side.
func (t Total) Balance() money.Amount {
	net := t.Debit.Minor() - t.Credit.Minor()
	if t.Heading.Normal == Credit {
		net = -net
	}
	return money.New(net, t.Debit.Currency())
}

// ControlTotal compares two ways to the same sum: what the general ledger gathered from entries under a heading, and
// what the balance rows of its accounts add up to.
type ControlTotal struct {
	Account  string       // the control account
	Entries  money.Amount // from entries, by way of the general ledger
	Balances money.Amount // from balance rows
}

// Agrees reports whether both ways lead to the same sum.
func (c ControlTotal) Agrees() bool { return c.Entries == c.Balances }
