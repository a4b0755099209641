package access

// Permission names one thing that staff may do: "customer.view". Each room gives the names of its own acts.
type Permission string

// The permissions of this room.
const (
	ActionListStaff    Permission = "access.list_staff"
	ActionInvite       Permission = "access.invite_staff"
	ActionSuspend      Permission = "access.suspend_staff" // and let them come back
	ActionDismiss      Permission = "access.dismiss_staff" // for good
	ActionReset        Permission = "access.reset_staff"   // new password and second factor
	ActionAssign       Permission = "access.assign_role"   // and take it back; under approval
	ActionTie          Permission = "access.tie_staff"     // to name relatives
	ActionListBranches Permission = "access.list_branches"
	ActionOpenBranch   Permission = "access.open_branch"
	ActionPolicies     Permission = "access.view_policies"
	ActionTry          Permission = "access.try_policies"
	ActionListAlerts   Permission = "access.list_alerts"
	ActionCloseAlert   Permission = "access.close_alert"
)

// Permissions of rooms that stand above or beside this one and whose acts the policies name.
const (
	// ActionReveal is to see a masked field whole, for a reason.
	ActionReveal Permission = "customer.reveal"
	// ActionApprove is to decide a request under four eyes; Subject.Act says of which kind.
	ActionApprove Permission = "approval.decide"
)

// Purpose says what something is done for.
type Purpose string

// The purposes.
const (
	Administration Purpose = "administration" // staff, branches, the system
	ServingPeople  Purpose = "service"        // a customer asks
	Verifying      Purpose = "verification"   // who is this?
	Operating      Purpose = "operations"     // payments and books
	Lending        Purpose = "credit"
	Risk           Purpose = "risk"       // fraud, held payments
	Complying      Purpose = "compliance" // money laundering, privacy, insiders
	Designing      Purpose = "product"    // products, prices, rules
	Marketing      Purpose = "marketing"
	Inspecting     Purpose = "inspection" // auditors, and inspectors of the supervisor
)

// Purposes are all of them.
func Purposes() []Purpose {
	return []Purpose{Administration, ServingPeople, Verifying, Operating, Lending, Risk, Complying, Designing, Marketing, Inspecting}
}

// Role is what somebody works as.
type Role string

// The roles.
const (
	RoleAdministrator     Role = "administrator"
	RoleTeller            Role = "teller"
	RoleServiceAgent      Role = "service_agent"
	RoleOperations        Role = "operations"
	RoleCreditOfficer     Role = "credit_officer"
	RoleRiskOfficer       Role = "risk_officer"
	RoleComplianceOfficer Role = "compliance_officer"
	RoleProductManager    Role = "product_manager"
	RoleMarketing         Role = "marketing"
	RoleAuditor           Role = "auditor"
	RoleInspector         Role = "inspector" // of the supervisor, or another guest: reads only
)

// Roles are all of them, in the order of the documents.
func Roles() []Role {
	return []Role{
		RoleAdministrator, RoleTeller, RoleServiceAgent, RoleOperations, RoleCreditOfficer, RoleRiskOfficer,
		RoleComplianceOfficer, RoleProductManager, RoleMarketing, RoleAuditor, RoleInspector,
	}
}

// ActLook is a masked field that staff had shown, in the audit log.
const ActLook = "access.look"

// actAlert is an alert that was raised, in the audit log.
const actAlert = "access.raise_alert"
