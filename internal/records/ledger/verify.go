package ledger

// Options say what Verify looks at.
type Options struct {
	From     string         // first account; empty: from the first
	To       string         // account to stop before; empty: to the last
	Progress func(Progress) // called after each range; may be nil
}

// Progress tells how far a verification has come.
type Progress struct {
	Check string // what is being checked
	Done  int64  // rows looked at so far in this check
}

// Breach is a rule of the books that does not hold.
type Breach struct {
	Rule    string // "entry_chain", "balance_row", "journal_balance" ...
	Subject string // the account, journal or hold
	Detail  string // what was found and what should be there
}

// Report is what Verify found.
type Report struct {
	Journals int64
	Entries  int64
	Accounts int64
	Holds    int64
	Breach   *Breach // the first that was found; nil when the books hold
}
