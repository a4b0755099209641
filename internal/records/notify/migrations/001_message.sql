-- Messages in the inboxes of customers.
CREATE TABLE notify_message (
	id       TEXT NOT NULL, -- C1 sortable, later is greater
	customer TEXT NOT NULL, -- C1
	template TEXT NOT NULL, -- C1
	category TEXT NOT NULL, -- C1
	subject  TEXT, -- C1 id of what it is about
	params   BYTEA, -- C2 what the text shows, sealed under the customer's key
	sent_at  BIGINT NOT NULL, -- C1
	read_at  BIGINT, -- C1
	CONSTRAINT notify_message_pk PRIMARY KEY (id)
);

-- The inbox of a customer, and its unread part.
CREATE INDEX notify_message_inbox ON notify_message (customer, id);
CREATE INDEX notify_message_unread ON notify_message (customer, id) WHERE read_at IS NULL;

-- Choices that differ from the default.
CREATE TABLE notify_preference (
	customer   TEXT NOT NULL, -- C1
	category   TEXT NOT NULL, -- C1
	channel    TEXT NOT NULL, -- C1
	chosen     BOOLEAN NOT NULL, -- C1
	changed_at BIGINT NOT NULL, -- C1
	CONSTRAINT notify_preference_pk PRIMARY KEY (customer, category, channel)
);

-- The log of what left the bank by mail and SMS. What was said is wiped as soon as it is delivered or given up.
CREATE TABLE notify_delivery (
	id         TEXT NOT NULL, -- C1 sortable
	message    TEXT, -- C1 the message in the inbox, if there is one
	customer   TEXT, -- C1
	owner      TEXT NOT NULL, -- C1 whose key seals the content
	channel    TEXT NOT NULL, -- C1
	template   TEXT NOT NULL, -- C1
	content    BYTEA, -- C3 address and parameters, sealed, none once it is over
	state      TEXT NOT NULL, -- C1
	reason     TEXT, -- C1 code of why it failed
	attempts   BIGINT NOT NULL, -- C1
	expires_at BIGINT, -- C1 not sent after that
	made_at    BIGINT NOT NULL, -- C1
	done_at    BIGINT, -- C1
	CONSTRAINT notify_delivery_pk PRIMARY KEY (id),
	CONSTRAINT notify_delivery_state_known CHECK (state IN ('pending', 'sent', 'delivered', 'undelivered', 'failed', 'skipped'))
);

CREATE INDEX notify_delivery_customer ON notify_delivery (customer, id) WHERE customer IS NOT NULL;

-- Banks with demo data only: what would have left the bank, for /dev/inbox.
CREATE TABLE notify_outbox_demo (
	id        TEXT NOT NULL, -- C1 sortable
	channel   TEXT NOT NULL, -- C1
	recipient TEXT NOT NULL, -- C2 phone or mail address
	title     TEXT, -- C2
	body      TEXT NOT NULL, -- C2
	code      TEXT, -- C3 the one-time code in it, if any
	sent_at   BIGINT NOT NULL, -- C1
	CONSTRAINT notify_outbox_demo_pk PRIMARY KEY (id)
);

CREATE INDEX notify_outbox_demo_recipient ON notify_outbox_demo (recipient, id);
