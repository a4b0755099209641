package exchange

// The acts of this room: names of records in the audit log, and of the step of end of day.
const (
	actConfirm = "exchange.confirm"
	actRevalue = "exchange.revalue"
)

// ActionView is the permission of staff to see rates and the bank's positions.
const ActionView = "exchange.view_positions"
