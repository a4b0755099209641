-- Bookkeeping acts. The caller's network address stays in the audit record alone, which is sealed.
CREATE TABLE ledger_journal (
	id            TEXT NOT NULL, -- C1 sortable by time
	act           TEXT NOT NULL, -- C1 what was done
	reference     TEXT NOT NULL, -- C1 id of the business record
	business_date TEXT NOT NULL, -- C1 the accounting day that it was booked into
	value_date    TEXT NOT NULL, -- C1 the day from which interest counts
	booked_at     BIGINT NOT NULL, -- C1
	branch        TEXT NOT NULL, -- C1 where the act was done
	actor_kind    TEXT NOT NULL, -- C1 customer, staff or system
	actor         TEXT NOT NULL, -- C1 id of who acted
	on_behalf_of  TEXT NOT NULL, -- C1 id of the customer served, or empty
	channel       TEXT NOT NULL, -- C1
	device        TEXT NOT NULL, -- C1 id or empty
	session       TEXT NOT NULL, -- C1 id or empty
	trace         TEXT NOT NULL, -- C1 to find the logs
	reason        TEXT NOT NULL, -- C1 a staff member's reason, or empty
	reverses      TEXT, -- C1 the journal that this one takes back
	CONSTRAINT ledger_journal_pk PRIMARY KEY (id)
);

-- append-only: ledger_journal

-- Lines of journals. The running number and the balance after are those of a guarded account, NULL on a summed one.
CREATE TABLE ledger_entry (
	journal_id    TEXT NOT NULL, -- C1 ledger_journal
	line          BIGINT NOT NULL, -- C1 place in the journal, from 1
	account_id    TEXT NOT NULL, -- C1 ledger_account
	number        BIGINT, -- C1 running number within the account, from 1, without gaps
	side          TEXT NOT NULL, -- C1 debit or credit
	amount        BIGINT NOT NULL, -- C2 minor units of the account's currency
	balance_after BIGINT, -- C2 minor units, on the account's normal side
	business_date TEXT NOT NULL, -- C1 as in the journal: an account's history is cut by it
	value_date    TEXT NOT NULL, -- C1 as in the journal
	CONSTRAINT ledger_entry_pk PRIMARY KEY (journal_id, line),
	CONSTRAINT ledger_entry_side CHECK (side IN ('debit', 'credit')),
	CONSTRAINT ledger_entry_amount CHECK (amount > 0)
);

-- A guarded account's history; that no number comes twice also refuses what a lost lock would have booked.
CREATE UNIQUE INDEX ledger_entry_guarded ON ledger_entry (account_id, number) WHERE number IS NOT NULL;

-- A summed account's history.
CREATE INDEX ledger_entry_summed ON ledger_entry (account_id, journal_id) WHERE number IS NULL;

-- append-only: ledger_entry

-- One live reversal for each journal, whatever partition its journal is in.
CREATE TABLE ledger_reversal (
	original TEXT NOT NULL, -- C1 the journal taken back
	reversal TEXT NOT NULL, -- C1 the journal that does it
	CONSTRAINT ledger_reversal_pk PRIMARY KEY (original)
);
