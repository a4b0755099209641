-- Monthly statements that were made, one for each person and month. The papers stand in blob, sealed for their owner; what
-- they add up to is kept beside them, so that the list and the public page need not read a paper. Who has the link sees
-- that with the name masked: the code of a link is kept as a keyed hash, and sealed for its owner.
CREATE TABLE insight_statement (
	id        TEXT NOT NULL, -- C1 printed as the statement's number
	customer  TEXT NOT NULL, -- C1
	month     TEXT NOT NULL, -- C1 2026-10
	locale    TEXT NOT NULL, -- C1 language of the papers
	pdf       TEXT NOT NULL, -- C1 blob
	csv       TEXT NOT NULL, -- C1 blob
	totals    BYTEA NOT NULL, -- C2 balances by currency and how many lines, sealed
	code      BYTEA NOT NULL, -- C3 of the link, sealed
	code_hash BYTEA NOT NULL, -- C2 keyed hash of the code
	made_at   BIGINT NOT NULL, -- C1
	CONSTRAINT insight_statement_pk PRIMARY KEY (id)
);
CREATE UNIQUE INDEX insight_statement_month_ux ON insight_statement (customer, month);
CREATE UNIQUE INDEX insight_statement_code_ux ON insight_statement (code_hash);

-- How far the statements of a month have come.
CREATE TABLE insight_run (
	month      TEXT NOT NULL, -- C1
	after      TEXT NOT NULL, -- C1 the last customer who was looked at
	made       BIGINT NOT NULL, -- C1 statements
	set_aside  BIGINT NOT NULL, -- C1 customers whose statement failed
	started_at BIGINT NOT NULL, -- C1
	done_at    BIGINT, -- C1
	CONSTRAINT insight_run_pk PRIMARY KEY (month)
);

-- Customers whose statement failed: tried again with each run, until it succeeds or was tried often enough.
CREATE TABLE insight_aside (
	month    TEXT NOT NULL, -- C1
	customer TEXT NOT NULL, -- C1
	code     TEXT NOT NULL, -- C1 of the failure
	tries    BIGINT NOT NULL, -- C1
	at       BIGINT NOT NULL, -- C1 of the last
	CONSTRAINT insight_aside_pk PRIMARY KEY (month, customer)
);

-- What a person says about categories: for one transaction, or for all with a counterparty.
CREATE TABLE insight_correction (
	customer TEXT NOT NULL, -- C1
	scope    TEXT NOT NULL, -- C1
	subject  TEXT NOT NULL, -- C1 a transaction, or in or out and the other customer
	category TEXT NOT NULL, -- C1
	made_at  BIGINT NOT NULL, -- C1
	CONSTRAINT insight_correction_pk PRIMARY KEY (customer, scope, subject),
	CONSTRAINT insight_correction_scope_ck CHECK (scope IN ('one', 'payee'))
);

-- What a person means to spend in a month at most: in all, or on a category.
CREATE TABLE insight_budget (
	customer TEXT NOT NULL, -- C1
	category TEXT NOT NULL, -- C1 total for all
	amount   BIGINT NOT NULL, -- C2 minor units
	currency TEXT NOT NULL, -- C1
	set_at   BIGINT NOT NULL, -- C1
	CONSTRAINT insight_budget_pk PRIMARY KEY (customer, category)
);

-- People with a budget. Stale: something was spent, or a budget changed, since the spending was compared last.
CREATE TABLE insight_watch (
	customer TEXT NOT NULL, -- C1
	stale    BOOLEAN NOT NULL, -- C1
	CONSTRAINT insight_watch_pk PRIMARY KEY (customer)
);
CREATE INDEX insight_watch_stale_ix ON insight_watch (customer) WHERE stale = TRUE;

-- What was said about budgets: each once a month.
CREATE TABLE insight_alert (
	customer TEXT NOT NULL, -- C1
	month    TEXT NOT NULL, -- C1
	category TEXT NOT NULL, -- C1
	level    TEXT NOT NULL, -- C1
	at       BIGINT NOT NULL, -- C1
	CONSTRAINT insight_alert_pk PRIMARY KEY (customer, month, category, level),
	CONSTRAINT insight_alert_level_ck CHECK (level IN ('near', 'full'))
);
