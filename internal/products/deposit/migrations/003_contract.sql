-- What a customer agreed to for a deposit that is no current account. Its money is the ledger's and its interest
-- deposit_position's, under the same id.
CREATE TABLE deposit_contract (
	account     TEXT NOT NULL, -- C1 also the id of its ledger account
	customer    TEXT NOT NULL, -- C1
	linked      TEXT NOT NULL, -- C1 deposit_account that money comes from and goes to
	rollover    TEXT NOT NULL, -- C1 what becomes of it on the last day of its term
	opened_on   TEXT NOT NULL, -- C1
	closed_on   TEXT, -- C1
	early_taken BIGINT NOT NULL, -- C1 parts that were taken out before the end
	monthly     BIGINT NOT NULL, -- C2 minor units collected on each date: an instalment, or a pot's standing sum
	collect_on  TEXT, -- C1 next date
	collected   BIGINT NOT NULL, -- C1 how many were
	pending     BIGINT NOT NULL, -- C1 missed instalments that may still be made up: 0 or 1
	breached    BOOLEAN NOT NULL, -- C1 an instalment was missed and not made up: none are taken any more
	name        BYTEA, -- C2 of a goal, sealed
	target      BIGINT NOT NULL, -- C2 minor units of a goal, 0 for none
	target_on   TEXT, -- C1 when it should be reached
	round_to    BIGINT NOT NULL, -- C1 minor units to which payments from the linked account are rounded up, 0 for never
	CONSTRAINT deposit_contract_pk PRIMARY KEY (account),
	CONSTRAINT deposit_contract_rollover_ck CHECK (rollover IN ('none', 'payout', 'principal', 'all'))
);
CREATE INDEX deposit_contract_customer_ix ON deposit_contract (customer, account);
CREATE INDEX deposit_contract_collect_ix ON deposit_contract (collect_on, account) WHERE collect_on IS NOT NULL;
CREATE INDEX deposit_contract_round_ix ON deposit_contract (linked, account) WHERE round_to > 0;

-- Notice that money will be taken out of a notice deposit.
CREATE TABLE deposit_notice (
	id       TEXT NOT NULL, -- C1 sortable by time
	account  TEXT NOT NULL, -- C1 deposit_contract
	customer TEXT NOT NULL, -- C1
	amount   BIGINT NOT NULL, -- C2 minor units
	due_on   TEXT NOT NULL, -- C1 the one day for which it is given
	state    TEXT NOT NULL, -- C1
	made_at  BIGINT NOT NULL, -- C1
	CONSTRAINT deposit_notice_pk PRIMARY KEY (id),
	CONSTRAINT deposit_notice_state_ck CHECK (state IN ('given', 'used', 'cancelled'))
);
CREATE INDEX deposit_notice_account_ix ON deposit_notice (account, due_on);

-- A certificate that its holder offers to one other customer, at a price.
CREATE TABLE deposit_offer (
	id         TEXT NOT NULL, -- C1 sortable by time
	account    TEXT NOT NULL, -- C1 deposit_contract
	seller     TEXT NOT NULL, -- C1
	buyer      TEXT NOT NULL, -- C1
	price      BIGINT NOT NULL, -- C2 minor units
	state      TEXT NOT NULL, -- C1
	expires_on TEXT NOT NULL, -- C1 last day on which it can be taken
	bought     TEXT, -- C1 the buyer's deposit_contract
	made_at    BIGINT NOT NULL, -- C1
	CONSTRAINT deposit_offer_pk PRIMARY KEY (id),
	CONSTRAINT deposit_offer_state_ck CHECK (state IN ('open', 'taken', 'withdrawn'))
);
CREATE UNIQUE INDEX deposit_offer_account_ux ON deposit_offer (account) WHERE state = 'open';
CREATE INDEX deposit_offer_buyer_ix ON deposit_offer (buyer, id);

-- How long an account has rested: seen once a month.
CREATE TABLE deposit_rest (
	account    TEXT NOT NULL, -- C1 deposit_account
	customer   TEXT NOT NULL, -- C1
	active_on  TEXT NOT NULL, -- C1 the last day on which somebody other than the bank moved money on it
	looked_on  TEXT NOT NULL, -- C1
	dormant_on TEXT, -- C1 since when it rests (不动户)
	CONSTRAINT deposit_rest_pk PRIMARY KEY (account)
);
CREATE INDEX deposit_rest_look_ix ON deposit_rest (looked_on, account);
