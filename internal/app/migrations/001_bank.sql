-- What this database is: written once, when it is created. A demo bank can never become a real one.
CREATE TABLE app_bank (
	id      TEXT NOT NULL, -- C1 always "bank"
	demo    BOOLEAN NOT NULL, -- C1 holds made-up people, and may show their codes
	made_at BIGINT NOT NULL, -- C1
	CONSTRAINT app_bank_pk PRIMARY KEY (id)
);
