-- Who of the bank met whom at a counter, with the original of his document in hand.
-- append-only: customer_meeting
CREATE TABLE customer_meeting (
	id          TEXT NOT NULL, -- C1
	customer_id TEXT NOT NULL, -- C1
	staff_id    TEXT NOT NULL, -- C1
	branch      TEXT NOT NULL, -- C1
	at          BIGINT NOT NULL, -- C1
	CONSTRAINT customer_meeting_pk PRIMARY KEY (id)
);
CREATE INDEX customer_meeting_customer ON customer_meeting (customer_id, staff_id, id);
