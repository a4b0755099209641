-- Money of an account that is promised to somebody. Changed only under the lock of the account's balance.
CREATE TABLE ledger_hold (
	id         TEXT NOT NULL, -- C1 sortable by time
	account_id TEXT NOT NULL, -- C1 ledger_balance
	amount     BIGINT NOT NULL, -- C2 minor units, as it was placed
	remaining  BIGINT NOT NULL, -- C2 minor units still held, 0 once it has ended
	state      TEXT NOT NULL, -- C1 live, captured, released or expired
	act        TEXT NOT NULL, -- C1 what it is for
	reference  TEXT NOT NULL, -- C1 id of the business record
	actor_kind TEXT NOT NULL, -- C1 who placed it
	actor      TEXT NOT NULL, -- C1 id of who placed it
	channel    TEXT NOT NULL, -- C1
	trace      TEXT NOT NULL, -- C1
	placed_at  BIGINT NOT NULL, -- C1
	expires_at BIGINT, -- C1 NULL: never
	ended_at   BIGINT, -- C1
	CONSTRAINT ledger_hold_pk PRIMARY KEY (id),
	CONSTRAINT ledger_hold_state CHECK (state IN ('live', 'captured', 'released', 'expired')),
	CONSTRAINT ledger_hold_remaining CHECK (amount > 0 AND remaining >= 0 AND remaining <= amount AND (remaining > 0) = (state = 'live'))
);

CREATE INDEX ledger_hold_live ON ledger_hold (account_id) WHERE state = 'live';

CREATE INDEX ledger_hold_expiry ON ledger_hold (expires_at) WHERE state = 'live';

-- What journals took of holds.
CREATE TABLE ledger_capture (
	journal_id TEXT NOT NULL, -- C1 ledger_journal
	hold_id    TEXT NOT NULL, -- C1 ledger_hold
	amount     BIGINT NOT NULL, -- C2 minor units
	CONSTRAINT ledger_capture_pk PRIMARY KEY (hold_id, journal_id),
	CONSTRAINT ledger_capture_amount CHECK (amount > 0)
);

-- append-only: ledger_capture

-- Freezes and stops. Changed only under the lock of the account's balance.
CREATE TABLE ledger_restraint (
	id         TEXT NOT NULL, -- C1 sortable by time
	account_id TEXT NOT NULL, -- C1 ledger_balance
	kind       TEXT NOT NULL, -- C2 no_entry_no_exit, entry_only or amount
	amount     BIGINT NOT NULL, -- C2 minor units frozen, 0 for the other kinds
	act        TEXT NOT NULL, -- C2 who asks and why, as a code
	reference  TEXT NOT NULL, -- C2 number of the order or id of the case
	actor_kind TEXT NOT NULL, -- C1 who placed it
	actor      TEXT NOT NULL, -- C1 id of who placed it
	channel    TEXT NOT NULL, -- C1
	trace      TEXT NOT NULL, -- C1
	placed_at  BIGINT NOT NULL, -- C1
	expires_at BIGINT, -- C1 NULL: until lifted
	lifted_at  BIGINT, -- C1 NULL while it lives
	lifted_by  TEXT NOT NULL, -- C1 id of who lifted it, or empty
	CONSTRAINT ledger_restraint_pk PRIMARY KEY (id),
	CONSTRAINT ledger_restraint_kind CHECK (kind IN ('no_entry_no_exit', 'entry_only', 'amount')),
	CONSTRAINT ledger_restraint_amount CHECK ((kind = 'amount') = (amount > 0))
);

CREATE INDEX ledger_restraint_live ON ledger_restraint (account_id) WHERE lifted_at IS NULL;

CREATE INDEX ledger_restraint_expiry ON ledger_restraint (expires_at) WHERE lifted_at IS NULL;
