-- Tills, and the vault of each branch.
CREATE TABLE cash_till (
	id         TEXT NOT NULL, -- C1
	branch     TEXT NOT NULL, -- C1
	place      TEXT NOT NULL, -- C1
	name       TEXT NOT NULL, -- C1 what people at the branch call it
	currency   TEXT NOT NULL, -- C1
	state      TEXT NOT NULL, -- C1
	teller     TEXT NOT NULL, -- C1 who holds it, empty while it is closed
	made_at    BIGINT NOT NULL, -- C1
	opened_at  BIGINT, -- C1
	counted_at BIGINT, -- C1
	CONSTRAINT cash_till_pk PRIMARY KEY (id),
	CONSTRAINT cash_till_place_ck CHECK (place IN ('vault', 'till')),
	CONSTRAINT cash_till_state_ck CHECK (state IN ('open', 'closed')),
	CONSTRAINT cash_till_held_ck CHECK ((state = 'open') = (teller <> ''))
);
CREATE INDEX cash_till_branch_ix ON cash_till (branch, place);
CREATE UNIQUE INDEX cash_till_vault_ux ON cash_till (branch) WHERE place = 'vault';
-- A teller has one till, whoever races. Who keeps the vault may have a till beside it.
CREATE UNIQUE INDEX cash_till_teller_ux ON cash_till (teller) WHERE state = 'open' AND place = 'till';

-- What a till holds.
CREATE TABLE cash_stock (
	till         TEXT NOT NULL, -- C1
	denomination TEXT NOT NULL, -- C1
	pieces       BIGINT NOT NULL, -- C1
	CONSTRAINT cash_stock_pk PRIMARY KEY (till, denomination),
	CONSTRAINT cash_stock_pieces_ck CHECK (pieces >= 0)
);

-- What moved.
-- append-only: cash_movement
CREATE TABLE cash_movement (
	id       TEXT NOT NULL, -- C1
	kind     TEXT NOT NULL, -- C1
	till     TEXT NOT NULL, -- C1
	other    TEXT NOT NULL, -- C1 till of a hand-over, or empty
	account  TEXT NOT NULL, -- C1 of the customer, or empty
	customer TEXT NOT NULL, -- C1 or empty
	amount   BIGINT NOT NULL, -- C2 minor units
	currency TEXT NOT NULL, -- C1
	large    BOOLEAN NOT NULL, -- C1 the customer's cash of the day is to be reported
	journal  TEXT NOT NULL, -- C1 empty when nothing was booked
	day      TEXT NOT NULL, -- C1 business date
	branch   TEXT NOT NULL, -- C1
	teller   TEXT NOT NULL, -- C1 staff
	device   TEXT NOT NULL, -- C1
	session  TEXT NOT NULL, -- C1
	trace    TEXT NOT NULL, -- C1
	at       BIGINT NOT NULL, -- C1
	CONSTRAINT cash_movement_pk PRIMARY KEY (id),
	CONSTRAINT cash_movement_amount_ck CHECK (amount >= 0)
);
CREATE INDEX cash_movement_till_ix ON cash_movement (till, id);
CREATE INDEX cash_movement_customer_ix ON cash_movement (customer, id) WHERE customer <> '';

-- In which pieces, as the till sees it: more than zero came, less went.
-- append-only: cash_piece
CREATE TABLE cash_piece (
	movement     TEXT NOT NULL, -- C1
	denomination TEXT NOT NULL, -- C1
	pieces       BIGINT NOT NULL, -- C1
	CONSTRAINT cash_piece_pk PRIMARY KEY (movement, denomination)
);
