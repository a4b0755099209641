-- Events of committed acts that are not yet safe in JetStream. Rows are short-lived: inserted with the act, claimed by one
-- relay, deleted once JetStream has them.
CREATE TABLE bus_outbox (
	id            TEXT NOT NULL, -- C1 event id
	type          TEXT NOT NULL, -- C1
	body          TEXT NOT NULL, -- C2 envelope and payload in JSON, without personal data
	made_at       BIGINT NOT NULL, -- C1
	claimed_until BIGINT, -- C1 end of the lease of the relay that has it
	CONSTRAINT bus_outbox_pk PRIMARY KEY (id)
);
CREATE INDEX bus_outbox_waiting ON bus_outbox (id) WHERE claimed_until IS NULL;

-- What each consumer has applied, so that a repeated delivery has no effect.
CREATE TABLE bus_consumed (
	consumer TEXT NOT NULL, -- C1
	event    TEXT NOT NULL, -- C1 event id
	at       BIGINT NOT NULL, -- C1
	CONSTRAINT bus_consumed_pk PRIMARY KEY (consumer, event)
);

-- The newest sequence of each subject that a consumer has applied, for consumers that drop older ones.
CREATE TABLE bus_position (
	consumer TEXT NOT NULL, -- C1
	subject  TEXT NOT NULL, -- C1 id of what the events are about
	sequence BIGINT NOT NULL, -- C1
	CONSTRAINT bus_position_pk PRIMARY KEY (consumer, subject)
);

-- Events that a consumer refused too often. A person looks at them and retries or discards them.
CREATE TABLE bus_dead_letter (
	consumer  TEXT NOT NULL, -- C1
	event     TEXT NOT NULL, -- C1 event id
	type      TEXT NOT NULL, -- C1
	body      TEXT NOT NULL, -- C2 as in the outbox
	code      TEXT NOT NULL, -- C1 code of the last failure
	attempts  BIGINT NOT NULL, -- C1
	failed_at BIGINT NOT NULL, -- C1
	CONSTRAINT bus_dead_letter_pk PRIMARY KEY (consumer, event)
);
