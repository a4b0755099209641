package cash

// The acts of this room beside its movements: names of records in the audit log.
const (
	actCreate = "cash.create_till"
	actOpen   = "cash.open_till"
	actCount  = "cash.count_till"
	actClose  = "cash.close_till"
)

// What staff may be allowed to do here.
const (
	// ActionView is to see tills and what they hold.
	ActionView = "cash.view_till"
	// ActionCount is to open, count and close a till, and to hand cash to another.
	ActionCount = "cash.count_till"
	// ActionPayIn is to take cash from a customer.
	ActionPayIn = "cash.deposit"
	// ActionPayOut is to give cash to one.
	ActionPayOut = "cash.withdraw"
	// ActionManage is to set up tills, and to order and return cash.
	ActionManage = "cash.manage_tills"
)

// What two people of the bank decide together.
const (
	// ApprovalPayOut is to pay out much.
	ApprovalPayOut = "cash.pay_out"
	// ApprovalDelivery is cash from the central bank, or back.
	ApprovalDelivery = "cash.deliver"
)
