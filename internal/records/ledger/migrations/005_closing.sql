-- What a guarded account had booked at the end of a day, for days on which it moved: folded from the entries of closed
-- days, never from the balance row.
CREATE TABLE ledger_closing (
	account_id TEXT NOT NULL, -- C1 ledger_account
	date       TEXT NOT NULL, -- C1 the business date, which is closed
	number     BIGINT NOT NULL, -- C1 of its last entry up to that day
	booked     BIGINT NOT NULL, -- C2 minor units on the account's normal side
	debit      BIGINT NOT NULL, -- C2 minor units debited on this day
	credit     BIGINT NOT NULL, -- C2 minor units credited on this day
	CONSTRAINT ledger_closing_pk PRIMARY KEY (account_id, date)
);

-- append-only: ledger_closing

-- Entries of guarded accounts whose value date is another day than their business date: between the two days the
-- value-dated balance differs from the booked one.
CREATE TABLE ledger_shift (
	journal_id    TEXT NOT NULL, -- C1 ledger_entry
	line          BIGINT NOT NULL, -- C1 ledger_entry
	account_id    TEXT NOT NULL, -- C1 ledger_account
	business_date TEXT NOT NULL, -- C1 of the entry
	from_date     TEXT NOT NULL, -- C1 the earlier of its two dates
	until_date    TEXT NOT NULL, -- C1 the later of its two dates, which is not shifted any more
	amount        BIGINT NOT NULL, -- C2 minor units by which the value-dated balance is more than the booked one
	CONSTRAINT ledger_shift_pk PRIMARY KEY (journal_id, line)
);
CREATE INDEX ledger_shift_account_ix ON ledger_shift (account_id, until_date);

-- append-only: ledger_shift

-- What the closing balances of a day add up to under each control account, to be compared with the general ledger.
CREATE TABLE ledger_control (
	account_id TEXT NOT NULL, -- C1 the control account
	date       TEXT NOT NULL, -- C1 the business date
	debit      BIGINT NOT NULL, -- C1 minor units
	credit     BIGINT NOT NULL, -- C1 minor units
	CONSTRAINT ledger_control_pk PRIMARY KEY (account_id, date)
);

-- What the close of a period moved out of income and expense, so that a statement can be read without it.
CREATE TABLE ledger_period (
	date       TEXT NOT NULL, -- C1 the last day of the period
	account_id TEXT NOT NULL, -- C1 of income or expense
	journal_id TEXT NOT NULL, -- C1 the journal that closed it
	debit      BIGINT NOT NULL, -- C1 minor units
	credit     BIGINT NOT NULL, -- C1 minor units
	CONSTRAINT ledger_period_pk PRIMARY KEY (date, account_id)
);

-- append-only: ledger_period

-- Journals that staff made by hand, with who approved them and what they correct.
CREATE TABLE ledger_manual (
	journal_id TEXT NOT NULL, -- C1 ledger_journal
	approval   TEXT NOT NULL, -- C1 id of the approved request, good for one journal
	approvers  TEXT NOT NULL, -- C1 ids of those who agreed, with spaces between
	corrects   TEXT, -- C1 the journal that it corrects
	CONSTRAINT ledger_manual_pk PRIMARY KEY (journal_id)
);
CREATE UNIQUE INDEX ledger_manual_approval_ux ON ledger_manual (approval);
CREATE INDEX ledger_manual_corrects_ix ON ledger_manual (corrects, journal_id);

-- append-only: ledger_manual
