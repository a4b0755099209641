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
)

// What staff may be allowed to do here.
const (
	// ActionReviewList is to see which verifications wait for a person.
	ActionReviewList = "customer.list_reviews"
	// ActionReviewDecide is to decide one of them.
	ActionReviewDecide = "customer.decide_review"
	// ActionFreeze is to freeze and thaw a customer for the bank.
	ActionFreeze = "customer.freeze_for_bank"
)
