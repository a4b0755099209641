-- The account management fee: up to which month it was decided, and what could not be charged so far.
CREATE TABLE deposit_fee (
	account    TEXT NOT NULL, -- C1 deposit_account
	charged_on TEXT NOT NULL, -- C1 the last end of a month that was decided, whatever came of it
	arrears    BIGINT NOT NULL, -- C2 minor units that the account did not hold when they were due
	CONSTRAINT deposit_fee_pk PRIMARY KEY (account),
	CONSTRAINT deposit_fee_arrears_ck CHECK (arrears >= 0)
);
