-- People whose class III accounts have moved so much that the bank asks for a document, and what became of it.
CREATE TABLE deposit_identification (
	customer   TEXT NOT NULL, -- C1
	state      TEXT NOT NULL, -- C1
	due_on     TEXT, -- C1 last day to show a document; none until it is asked for
	reached_at BIGINT NOT NULL, -- C1
	ended_at   BIGINT, -- C1 when the document had been seen
	CONSTRAINT deposit_identification_pk PRIMARY KEY (customer),
	CONSTRAINT deposit_identification_state_ck CHECK (state IN ('reached', 'asked', 'restricted', 'identified'))
);
CREATE INDEX deposit_identification_due_ix ON deposit_identification (state, due_on, customer) WHERE state IN ('reached', 'asked');
