package ledger

import (
	"github.com/tongbao/tongbao/internal/values/money"
)

// Balance is what a guarded account holds, counted on its normal side: a deposit of 5 yuan is +5.
type Balance struct {
	Account   string
	Booked    money.Amount  // the sum of its entries
	Held      money.Amount  // promised by live holds
	Frozen    money.Amount  // frozen by live restraints; may exceed what is there
	Number    int64         // running number of its last entry; 0 when it has none
	Restraint RestraintKind // the strongest live restraint on a direction: NoEntryNoExit, EntryOnly or none
	Closed    bool
}

// Available is what can go out: booked − held − frozen. It is negative when more is frozen than is there.
func (b Balance) Available() money.Amount {
	return money.New(b.Booked.Minor()-b.Held.Minor()-b.Frozen.Minor(), b.Booked.Currency())
}
