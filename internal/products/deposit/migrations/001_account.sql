-- Accounts that customers hold with the bank. Balances are the ledger's; the ledger account has the same id.
CREATE TABLE deposit_account (
	id            TEXT NOT NULL, -- C1
	customer      TEXT NOT NULL, -- C1
	class         BIGINT NOT NULL, -- C1 1 to 3 (银发〔2016〕261号)
	product       TEXT NOT NULL, -- C1
	terms_version BIGINT NOT NULL, -- C1
	currency      TEXT NOT NULL, -- C1
	branch        TEXT NOT NULL, -- C1
	state         TEXT NOT NULL, -- C1
	number        BYTEA NOT NULL, -- C2 account number, sealed under the customer's key
	number_index  BYTEA NOT NULL, -- C2 blind index of the number
	tail          TEXT NOT NULL, -- C1 last four digits
	nickname      BYTEA, -- C2 what its holder calls it, sealed
	opened_at     BIGINT NOT NULL, -- C1
	closed_at     BIGINT, -- C1
	CONSTRAINT deposit_account_pk PRIMARY KEY (id),
	CONSTRAINT deposit_account_state_ck CHECK (state IN ('open', 'closed')),
	CONSTRAINT deposit_account_class_ck CHECK (class BETWEEN 1 AND 3)
);
CREATE UNIQUE INDEX deposit_account_number_ux ON deposit_account (number_index);
CREATE INDEX deposit_account_customer_ix ON deposit_account (customer, id);
-- One class I account a person (银发〔2016〕261号), whoever races.
CREATE UNIQUE INDEX deposit_account_class_1_ux ON deposit_account (customer) WHERE class = 1 AND state = 'open';

-- The serial part of the last account number given out.
CREATE TABLE deposit_serial (
	prefix TEXT NOT NULL, -- C1
	last   BIGINT NOT NULL, -- C1
	CONSTRAINT deposit_serial_pk PRIMARY KEY (prefix)
);

-- How much of each limit has been used in its period.
CREATE TABLE deposit_counter (
	subject TEXT NOT NULL, -- C1 account or customer
	kind    TEXT NOT NULL, -- C1 which limit
	period  TEXT NOT NULL, -- C1 a day, or a year
	amount  BIGINT NOT NULL, -- C2 minor units used
	times   BIGINT NOT NULL, -- C1 how often
	CONSTRAINT deposit_counter_pk PRIMARY KEY (subject, kind, period),
	CONSTRAINT deposit_counter_amount_ck CHECK (amount >= 0 AND times >= 0)
);

-- What a customer allows himself.
CREATE TABLE deposit_own_limit (
	customer   TEXT NOT NULL, -- C1
	single     BIGINT NOT NULL, -- C2 minor units a transfer
	daily      BIGINT NOT NULL, -- C2 minor units a day
	small      BIGINT NOT NULL, -- C2 minor units up to which no PIN is asked, 0 for never
	changed_at BIGINT NOT NULL, -- C1
	CONSTRAINT deposit_own_limit_pk PRIMARY KEY (customer)
);
