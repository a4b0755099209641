-- Bulk payments: many transfers that one person ordered together and proved once. Each transfer is a row of
-- payment_transfer like any other; this row binds them and says to which line of the list each belongs.
CREATE TABLE payment_bulk (
	id        TEXT NOT NULL, -- C1
	payer     TEXT NOT NULL, -- C1 customer
	account   TEXT NOT NULL, -- C1 from which it pays
	arrival   TEXT NOT NULL, -- C1
	transfers TEXT NOT NULL, -- C1 "line transfer", one after another with semicolons, in the order of the list
	made_at   BIGINT NOT NULL, -- C1
	CONSTRAINT payment_bulk_pk PRIMARY KEY (id)
);
