package customer

// The acts of this room: names of permissions, and of records in the audit log.
const (
	actRegister        = "customer.register"
	actProfile         = "customer.change_profile"
	actConsentGive     = "customer.give_consent"
	actConsentWithdraw = "customer.withdraw_consent"
	actVerifyStart     = "customer.start_verification"
	actVerifyDocument  = "customer.add_document"
	actVerifyFace      = "customer.add_face"
	actVerifySubmit    = "customer.submit_verification"
	actVerify          = "customer.verify"
	actReverify        = "customer.reverify"
	actFreeze          = "customer.freeze"
	actUnfreeze        = "customer.unfreeze"
	actClose           = "customer.close"
	actStay            = "customer.stay"
	actClosed          = "customer.leave"
	actErase           = "customer.erase"
	actExport          = "customer.export"
	actExportFetch     = "customer.fetch_export"
	actBankCopy        = "customer.copy_for_bank"
	actRename          = "customer.rename"
	actMeet            = "customer.meet"
)

// What staff may be allowed to do here.
const (
	// ActionReviewList is to see which verifications wait for a person.
	ActionReviewList = "customer.list_reviews"
	// ActionReviewDecide is to decide one of them.
	ActionReviewDecide = "customer.decide_review"
	// ActionReviewView is to see the person and the pictures of one of them.
	ActionReviewView = "customer.view_review"
	// ActionSearch is to find a customer by what he says of himself.
	ActionSearch = "customer.search"
	// ActionView is to see a customer whole, masked.
	ActionView = "customer.view"
	// ActionFreeze is to freeze and thaw a customer for the bank.
	ActionFreeze = "customer.freeze_for_bank"
	// ActionRegister is to register a customer at the counter, and to see that it is he.
	ActionRegister = "customer.register"
	// ActionRename is to ask for a change of a customer's name by law.
	ActionRename = "customer.rename"
	// ActionExport is to have a copy of a customer's data made for an authority.
	ActionExport = "customer.export"
)

// What two people of the bank decide together.
const (
	// ApprovalFreeze is a freeze of the bank: it stops everything that goes out of a customer.
	ApprovalFreeze = "customer.freeze_for_bank"
	// ApprovalThaw is its end.
	ApprovalThaw = "customer.thaw_for_bank"
	// ApprovalExport is a copy of a customer's data that leaves the bank without him.
	ApprovalExport = "customer.export"
	// ApprovalRename is a change of name by law: who bears an account is who gets its money.
	ApprovalRename = "customer.rename"
)
