package ledger

import "github.com/tongbao/tongbao/internal/platform/fault"

// What the books refuse, and why.
var (
	// ErrInsufficientFunds says that the account has less available than would go out.
	ErrInsufficientFunds = fault.New(fault.Rejected, "ledger.insufficient_funds")
	// ErrFrozen says that a restraint on the account forbids this direction.
	ErrFrozen = fault.New(fault.Rejected, "ledger.frozen")
	// ErrAccountNotFound says that there is no such account, or none that can be posted to.
	ErrAccountNotFound = fault.New(fault.NotFound, "ledger.account_not_found")
	// ErrAccountExists says that an account of this id was opened before.
	ErrAccountExists = fault.New(fault.Conflict, "ledger.account_exists")
	// ErrAccountClosed says that the account takes no postings, holds or restraints any more.
	ErrAccountClosed = fault.New(fault.Rejected, "ledger.account_closed")
	// ErrNotZero refuses to close an account with a balance, a hold or a restraint.
	ErrNotZero = fault.New(fault.Conflict, "ledger.not_zero")
	// ErrCurrency says that an amount is in another currency than the account.
	ErrCurrency = fault.New(fault.Rejected, "ledger.currency")
	// ErrOverflow says that a balance would not fit.
	ErrOverflow = fault.New(fault.Rejected, "ledger.overflow")

	// ErrUnbalanced says that debits and credits differ in a currency: the caller is wrong, not the customer.
	ErrUnbalanced = fault.New(fault.Internal, "ledger.unbalanced")
	// ErrBadJournal says that a journal has no act, fewer than two or too many lines, an amount that is not
	// positive, or captures that it does not debit.
	ErrBadJournal = fault.New(fault.Internal, "ledger.bad_journal")
	// ErrMixedDays refuses journals for different days in one Post.
	ErrMixedDays = fault.New(fault.Internal, "ledger.mixed_days")
	// ErrBrokenChain sets aside an account whose entries do not follow from each other.
	ErrBrokenChain = fault.New(fault.Internal, "ledger.broken_chain")
	// ErrBadManual refuses a journal made by hand without lines, paper or reason.
	ErrBadManual = fault.New(fault.Invalid, "ledger.bad_manual_journal")
	// ErrUnevenManual refuses a journal made by hand whose debits and credits differ in a currency.
	ErrUnevenManual = fault.New(fault.Rejected, "ledger.uneven_manual_journal")
	// ErrApprovalUsed says that a journal was booked under this approval before.
	ErrApprovalUsed = fault.New(fault.Conflict, "ledger.approval_used")
	// ErrBadAccount says that an account cannot be opened as asked: no id, or a code that holds no such accounts.
	ErrBadAccount = fault.New(fault.Internal, "ledger.bad_account")

	// ErrJournalNotFound says that there is no such journal.
	ErrJournalNotFound = fault.New(fault.NotFound, "ledger.journal_not_found")
	// ErrAlreadyReversed says that the journal has its reversal already.
	ErrAlreadyReversed = fault.New(fault.Conflict, "ledger.already_reversed")
	// ErrNotReversible says that the journal is itself a reversal, or that the lines do not mirror the original.
	ErrNotReversible = fault.New(fault.Conflict, "ledger.not_reversible")

	// ErrHoldNotFound says that there is no such hold on an account of the journal.
	ErrHoldNotFound = fault.New(fault.NotFound, "ledger.hold_not_found")
	// ErrHoldEnded says that the hold was captured, released, or has expired.
	ErrHoldEnded = fault.New(fault.Conflict, "ledger.hold_ended")
	// ErrHoldExceeded refuses to capture more than the hold still has.
	ErrHoldExceeded = fault.New(fault.Rejected, "ledger.hold_exceeded")
	// ErrBadHold says that a hold's amount is not positive, or that it would end before it begins.
	ErrBadHold = fault.New(fault.Invalid, "ledger.bad_hold")

	// ErrRestraintNotFound says that there is no such restraint.
	ErrRestraintNotFound = fault.New(fault.NotFound, "ledger.restraint_not_found")
	// ErrRestraintLifted says that the restraint was lifted before, or has expired.
	ErrRestraintLifted = fault.New(fault.Conflict, "ledger.restraint_lifted")
	// ErrBadRestraint says that a restraint has an unknown kind, an amount where none belongs, or none where one does.
	ErrBadRestraint = fault.New(fault.Invalid, "ledger.bad_restraint")
)
