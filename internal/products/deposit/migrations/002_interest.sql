-- What earns interest: a row for each current account and each deposit. The ledger keeps the balance, under the same id;
-- the interest that has been accrued and not yet paid stands here and, added up, in the ledger's accrued interest.
CREATE TABLE deposit_position (
	account       TEXT NOT NULL, -- C1 deposit_account or deposit_contract
	customer      TEXT NOT NULL, -- C1
	product       TEXT NOT NULL, -- C1
	terms_version BIGINT NOT NULL, -- C1
	kind          TEXT NOT NULL, -- C1 of the product
	currency      TEXT NOT NULL, -- C1
	branch        TEXT NOT NULL, -- C1
	state         TEXT NOT NULL, -- C1
	period_from   TEXT, -- C1 first day of what is accrued; NULL until the first end of day
	accrued_to    TEXT, -- C1 last day that was accrued
	principal     BIGINT NOT NULL, -- C2 minor units that earn by contract
	product_sum   BIGINT NOT NULL, -- C2 minor units times days, up to accrued_to
	overdue_sum   BIGINT NOT NULL, -- C2 the same from the last day of the term on
	rate          BIGINT NOT NULL, -- C1 of a year, in hundred-millionths
	demand        BIGINT NOT NULL, -- C1 rate of overdue days
	accrued       BIGINT NOT NULL, -- C2 minor units accrued and not yet paid
	carried       BIGINT NOT NULL, -- C2 the part of it that corrects periods already settled
	settles_on    TEXT, -- C1 next day of settlement
	matures_on    TEXT, -- C1 last day of the term, which no longer counts
	matured       BOOLEAN NOT NULL, -- C1 what was agreed for that day is done
	CONSTRAINT deposit_position_pk PRIMARY KEY (account),
	CONSTRAINT deposit_position_state_ck CHECK (state IN ('open', 'closed'))
);
CREATE INDEX deposit_position_settle_ix ON deposit_position (settles_on, account) WHERE state = 'open' AND settles_on IS NOT NULL;
CREATE INDEX deposit_position_mature_ix ON deposit_position (matures_on, account) WHERE state = 'open' AND matured = FALSE AND matures_on IS NOT NULL;

INSERT INTO deposit_position (account, customer, product, terms_version, kind, currency, branch, state, principal, product_sum,
	overdue_sum, rate, demand, accrued, carried, matured)
SELECT id, customer, product, terms_version, 'current', currency, branch, state, 0, 0, 0, 0, 0, 0, 0, FALSE FROM deposit_account;

-- Interest that was paid, part by part, as it is explained to the customer: days, base, rate.
CREATE TABLE deposit_interest (
	id          TEXT NOT NULL, -- C1 sortable by time
	payment     TEXT NOT NULL, -- C1 parts paid together have the same
	account     TEXT NOT NULL, -- C1 what earned it
	customer    TEXT NOT NULL, -- C1
	part        TEXT NOT NULL, -- C1 term, overdue, early, notice, demand or correction
	first_day   TEXT NOT NULL, -- C1 that counts
	last_day    TEXT NOT NULL, -- C1 that no longer counts
	days        BIGINT NOT NULL, -- C1 as the day count has them
	base        BIGINT NOT NULL, -- C1 days of a year
	principal   BIGINT NOT NULL, -- C2 minor units, 0 by product sum
	product_sum BIGINT NOT NULL, -- C2 minor units times days, 0 by contract
	rate        BIGINT NOT NULL, -- C1 of a year, in hundred-millionths
	interest    BIGINT NOT NULL, -- C2 minor units, before tax
	tax         BIGINT NOT NULL, -- C2 minor units withheld from the payment, on its first part
	paid_to     TEXT NOT NULL, -- C1 account
	journal     TEXT NOT NULL, -- C1 empty for a correction, which the next settlement pays
	paid_on     TEXT NOT NULL, -- C1 business date
	at          BIGINT NOT NULL, -- C1
	CONSTRAINT deposit_interest_pk PRIMARY KEY (id)
);
CREATE INDEX deposit_interest_account_ix ON deposit_interest (account, id);
CREATE INDEX deposit_interest_customer_ix ON deposit_interest (customer, id);
-- append-only: deposit_interest
