package payment

// The acts of this room: names of permissions, and of records in the audit log.
const (
	actSend         = "payment.send"
	actSendBulk     = "payment.send_bulk"
	actSettle       = "payment.settle"
	actCancel       = "payment.cancel"
	actReverse      = "payment.reverse"
	actAddPayee     = "payment.add_payee"
	actRenamePayee  = "payment.rename_payee"
	actRemovePayee  = "payment.remove_payee"
	actDiscoverable = "payment.set_discoverable"
	actTransfer     = "payment.transfer" // of the journal
)

// What staff may be allowed to do here.
const (
	// ActionView is to see a customer's transfers.
	ActionView = "payment.view_transfer"
	// ActionReviewList is to see which transfers are held for a person to look at.
	ActionReviewList = "payment.list_held"
	// ActionReviewDecide is to let one of them go on, or to refuse it.
	ActionReviewDecide = "payment.decide_held"
	// ActionSend is to send a transfer for a customer who stands at the counter and types his PIN.
	ActionSend = "payment.send_for_customer"
	// ActionReverse is to take a settled transfer back.
	ActionReverse = "payment.reverse"
)

// What two people of the bank decide together.
const (
	// ApprovalReverse is a reversal: it takes money from a customer.
	ApprovalReverse = "payment.reverse"
	// ApprovalReview is a decision on a held transfer.
	ApprovalReview = "payment.decide_held"
)
