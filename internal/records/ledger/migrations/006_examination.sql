-- Verifications of the books that staff asked for: how far they have come, and what they found.
CREATE TABLE ledger_examination (
	id        TEXT NOT NULL, -- C1
	state     TEXT NOT NULL, -- C1
	asked_by  TEXT NOT NULL, -- C1 id of the member of staff
	asked_at  BIGINT NOT NULL, -- C1
	from_id   TEXT NOT NULL, -- C1 first account, or empty
	to_id     TEXT NOT NULL, -- C1 last account, or empty
	since     TEXT, -- C1 the locked day that it goes on from; NULL when it reads everything
	step      TEXT NOT NULL, -- C1 what is being checked
	done      BIGINT NOT NULL, -- C1 of that step
	journals  BIGINT NOT NULL, -- C1
	entries   BIGINT NOT NULL, -- C1
	accounts  BIGINT NOT NULL, -- C1
	broken    TEXT NOT NULL, -- C1 the rule that does not hold, or empty
	subject   TEXT NOT NULL, -- C1 of the breach
	detail    TEXT NOT NULL, -- C2 of the breach: has sums of accounts
	ended_at  BIGINT, -- C1
	CONSTRAINT ledger_examination_pk PRIMARY KEY (id),
	CONSTRAINT ledger_examination_state CHECK (state IN ('running', 'holds', 'broken', 'failed'))
);
CREATE UNIQUE INDEX ledger_examination_running ON ledger_examination (state) WHERE state = 'running';
