-- Every account of the books: what it is never changes.
CREATE TABLE ledger_account (
	id        TEXT NOT NULL, -- C1 the deposit account's id, or glac_code_currency_branch for the bank's own
	kind      TEXT NOT NULL, -- C1 guarded, summed or control
	code      TEXT NOT NULL, -- C1 heading of the chart of accounts
	currency  TEXT NOT NULL, -- C1 ISO 4217
	branch    TEXT NOT NULL, -- C1 the branch whose books it is in
	owner     TEXT NOT NULL, -- C1 the customer's id, empty for the bank's own
	opened_at BIGINT NOT NULL, -- C1
	CONSTRAINT ledger_account_pk PRIMARY KEY (id),
	CONSTRAINT ledger_account_kind CHECK (kind IN ('guarded', 'summed', 'control'))
);

-- append-only: ledger_account

-- What a guarded account holds. The row is locked while an act on the account is decided, and holds all that the
-- decision needs, so that no second read can be older than the lock. Amounts are on the account's normal side.
CREATE TABLE ledger_balance (
	account_id TEXT NOT NULL, -- C1 ledger_account
	code       TEXT NOT NULL, -- C1 as in ledger_account
	currency   TEXT NOT NULL, -- C1 as in ledger_account
	branch     TEXT NOT NULL, -- C1 as in ledger_account
	booked     BIGINT NOT NULL, -- C2 minor units, the sum of its entries
	held       BIGINT NOT NULL, -- C2 minor units, the sum of what is left of live holds
	frozen     BIGINT NOT NULL, -- C2 minor units, the sum of live amount restraints
	number     BIGINT NOT NULL, -- C1 of the last entry, so also how many there are
	restraint  TEXT NOT NULL, -- C2 the strongest live restraint on a direction, or empty
	closed_at  BIGINT, -- C1 set once, at a balance of zero
	CONSTRAINT ledger_balance_pk PRIMARY KEY (account_id),
	CONSTRAINT ledger_balance_floor CHECK (booked >= 0 AND held >= 0 AND held <= booked AND frozen >= 0 AND number >= 0),
	CONSTRAINT ledger_balance_restraint CHECK (restraint IN ('', 'entry_only', 'no_entry_no_exit'))
);
