package approval

// The acts of this room: names of records in the audit log.
const (
	actSubmit   = "approval.submit"
	actDecide   = "approval.decide"
	actExecute  = "approval.execute"
	actWithdraw = "approval.withdraw"
	actExpire   = "approval.expire"
	actDelegate = "approval.delegate"
	actReturn   = "approval.end_delegation"
)

// What staff may be allowed to do here.
const (
	// ActionView is to see requests that wait, and what became of them.
	ActionView = "approval.view"
	// ActionDecide is to decide requests; the policy's steps say of which kinds.
	ActionDecide = "approval.decide"
	// ActionDelegate is to let a deputy decide while one is away.
	ActionDelegate = "approval.delegate"
	// ActionPolicies is to see which acts need whose approval.
	ActionPolicies = "approval.view_policies"
	// ActionChangePolicy is to ask for another policy.
	ActionChangePolicy = "approval.change_policy"
)

// KindPolicy is the kind of a change of policy.
const KindPolicy = "approval.change_policy"
