-- What a batch of journals added to the general ledger: a few rows for each batch, folded into totals by a job.
CREATE TABLE ledger_delta (
	id            TEXT NOT NULL, -- C1 sortable by time
	account_id    TEXT NOT NULL, -- C1 summed or control account
	business_date TEXT NOT NULL, -- C1
	debit         BIGINT NOT NULL, -- C1 minor units
	credit        BIGINT NOT NULL, -- C1 minor units
	CONSTRAINT ledger_delta_pk PRIMARY KEY (id)
);

-- The general ledger by day; what stands in ledger_delta still comes on top.
CREATE TABLE ledger_total (
	account_id    TEXT NOT NULL, -- C1 summed or control account
	business_date TEXT NOT NULL, -- C1
	debit         BIGINT NOT NULL, -- C1 minor units booked on this day
	credit        BIGINT NOT NULL, -- C1 minor units booked on this day
	CONSTRAINT ledger_total_pk PRIMARY KEY (account_id, business_date)
);
