package deposit

// The acts of this room: names of permissions, and of records in the audit log.
const (
	actOpen   = "deposit.open"
	actRename = "deposit.rename"
	actClose  = "deposit.close"
	actLimits = "deposit.set_limits"
	// actStop is also the code under which the ledger keeps a stop that the holder asked for (止付). What an authority
	// or the bank has frozen carries another code, may be stronger, and is not the holder's to lift.
	actStop   = "deposit.stop"
	actResume = "deposit.resume"
	// actIdentify is also the code under which the ledger keeps what stands still until a document was seen.
	actIdentify = "deposit.identify"
)

// What staff may be allowed to do here.
const (
	// ActionView is to see a customer's accounts and what they hold.
	ActionView = "deposit.view_account"
	// ActionOpen is to open an account for a customer at the counter.
	ActionOpen = "deposit.open_for_customer"
	// ActionClose is to close one.
	ActionClose = "deposit.close_for_customer"
	// ActionRestrain is to freeze an account, or an amount on it, for an authority or the bank (冻结, 止付).
	ActionRestrain = "deposit.restrain"
	// ActionThaw is to lift such a restraint (解冻).
	ActionThaw = "deposit.thaw"
)

// What two people of the bank decide together.
const (
	// ApprovalRestrain is a restraint for an authority: one enters the order, another compares it with the paper.
	ApprovalRestrain = "deposit.restrain"
	// ApprovalThaw is the end of one.
	ApprovalThaw = "deposit.thaw"
)
