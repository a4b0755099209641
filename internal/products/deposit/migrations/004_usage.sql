-- What customers and accounts have used of their limits, all counters of one in one row: a payment locks and writes it.
CREATE TABLE deposit_usage (
	subject  TEXT NOT NULL, -- C1 account or customer
	counters TEXT NOT NULL, -- C2 kind, period, minor units and how often, of the latest periods
	CONSTRAINT deposit_usage_pk PRIMARY KEY (subject)
);

DROP TABLE deposit_counter;
