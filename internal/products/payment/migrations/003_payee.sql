-- The payee book of a customer.
CREATE TABLE payment_payee (
	id            TEXT NOT NULL, -- C1
	customer      TEXT NOT NULL, -- C1 whose book
	payee         TEXT NOT NULL, -- C1 customer
	payee_account TEXT NOT NULL, -- C1
	name          BYTEA NOT NULL, -- C2 masked name, sealed under the owner's key
	number        BYTEA NOT NULL, -- C2 masked number, sealed
	nickname      BYTEA, -- C2 sealed
	made_at       BIGINT NOT NULL, -- C1
	CONSTRAINT payment_payee_pk PRIMARY KEY (id)
);
CREATE UNIQUE INDEX payment_payee_account_ux ON payment_payee (customer, payee_account);

-- How a customer takes payments: the code of his QR, and whether his phone number finds him.
CREATE TABLE payment_receiving (
	customer     TEXT NOT NULL, -- C1
	code         TEXT NOT NULL, -- C1 random, in the QR
	discoverable BOOLEAN NOT NULL, -- C1 found by phone number
	made_at      BIGINT NOT NULL, -- C1
	CONSTRAINT payment_receiving_pk PRIMARY KEY (customer)
);
CREATE UNIQUE INDEX payment_receiving_code_ux ON payment_receiving (code);
