-- Transfers between customers of the bank, also those that a rule refused: a repetition of the key finds them.
CREATE TABLE payment_transfer (
	id            TEXT NOT NULL, -- C1
	payer         TEXT NOT NULL, -- C1 customer
	payer_account TEXT NOT NULL, -- C1
	payee         TEXT NOT NULL, -- C1 customer
	payee_account TEXT NOT NULL, -- C1
	amount        BIGINT NOT NULL, -- C2 minor units
	fee           BIGINT NOT NULL, -- C2 minor units
	currency      TEXT NOT NULL, -- C1
	arrival       TEXT NOT NULL, -- C1
	state         TEXT NOT NULL, -- C1
	refusal       TEXT NOT NULL, -- C1 code of the rule that refused, empty when none did
	screening     TEXT NOT NULL, -- C1 code of what screening said, empty when it allowed
	small         BOOLEAN NOT NULL, -- C1 sent without a PIN
	channel       TEXT NOT NULL, -- C1
	branch        TEXT NOT NULL, -- C1
	actor         TEXT NOT NULL, -- C1 who ordered
	device        TEXT NOT NULL, -- C1
	session       TEXT NOT NULL, -- C1
	address       TEXT NOT NULL, -- C2 network address
	trace         TEXT NOT NULL, -- C1
	intent        TEXT NOT NULL, -- C1
	journal       TEXT, -- C1 that booked it
	hold          TEXT, -- C1 that keeps the money until it is due
	payer_view    BYTEA, -- C2 the other party and the memo, sealed under the payer's key
	payee_view    BYTEA, -- C2 the other party and the memo, sealed under the payee's key
	ordered_on    TEXT NOT NULL, -- C1 business date of the order, whose limits it uses
	made_at       BIGINT NOT NULL, -- C1
	due_at        BIGINT, -- C1 when a delayed transfer arrives
	settled_at    BIGINT, -- C1
	ended_at      BIGINT, -- C1 refused, cancelled or reversed
	reversal      TEXT, -- C1 journal that reversed it
	CONSTRAINT payment_transfer_pk PRIMARY KEY (id),
	CONSTRAINT payment_transfer_amount_ck CHECK (amount > 0 AND fee >= 0),
	CONSTRAINT payment_transfer_arrival_ck CHECK (arrival IN ('real_time', 'ordinary', 'next_day')),
	CONSTRAINT payment_transfer_state_ck CHECK (state IN ('settled', 'delayed', 'held', 'refused', 'cancelled', 'reversed'))
);
CREATE INDEX payment_transfer_due_ix ON payment_transfer (due_at) WHERE state = 'delayed';
CREATE INDEX payment_transfer_payer_ix ON payment_transfer (payer, id);

-- Whom a customer has paid before, and since when.
CREATE TABLE payment_relation (
	customer      TEXT NOT NULL, -- C1
	payee_account TEXT NOT NULL, -- C1
	first_at      BIGINT NOT NULL, -- C1
	last_at       BIGINT NOT NULL, -- C1
	times         BIGINT NOT NULL, -- C1
	CONSTRAINT payment_relation_pk PRIMARY KEY (customer, payee_account)
);
