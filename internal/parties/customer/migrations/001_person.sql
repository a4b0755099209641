-- The people that the bank serves. Personal fields are sealed under the person's own key.
CREATE TABLE customer_person (
	id          TEXT NOT NULL, -- C1
	kind        TEXT NOT NULL, -- C1
	state       TEXT NOT NULL, -- C1
	level       BIGINT NOT NULL, -- C1 how well the bank knows the person
	home_branch TEXT NOT NULL, -- C1
	locale      TEXT NOT NULL, -- C1 language of messages
	nickname    BYTEA, -- C2 sealed
	name        BYTEA, -- C2 sealed; NULL until verified
	name_index  BYTEA, -- C2 keyed hash of the name
	id_number   BYTEA, -- C2 sealed; NULL until verified
	face        TEXT, -- C1 document with the face that later faces are compared with
	frozen_by   TEXT, -- C1 NULL when not frozen
	facts       BIGINT NOT NULL, -- C1 number of the last published fact about this person
	made_at     BIGINT NOT NULL, -- C1
	closes_at   BIGINT, -- C1 when a closing customer is gone
	closed_at   BIGINT, -- C1
	erase_on    TEXT, -- C1 day after which the data key is destroyed
	erased_at   BIGINT, -- C1
	CONSTRAINT customer_person_pk PRIMARY KEY (id),
	CONSTRAINT customer_person_kind CHECK (kind IN ('person')),
	CONSTRAINT customer_person_state CHECK (state IN ('registered', 'active', 'frozen', 'closing', 'closed')),
	CONSTRAINT customer_person_level CHECK (level BETWEEN 0 AND 3),
	CONSTRAINT customer_person_known CHECK (level = 0 OR id_number IS NOT NULL),
	CONSTRAINT customer_person_frozen CHECK ((state = 'frozen') = (frozen_by IS NOT NULL)),
	CONSTRAINT customer_person_frozen_by CHECK (frozen_by IN ('customer', 'bank'))
);
CREATE INDEX customer_person_closing ON customer_person (closes_at) WHERE state = 'closing';
CREATE INDEX customer_person_erasing ON customer_person (erase_on) WHERE state = 'closed' AND erased_at IS NULL;

-- One person, one customer: who bears an ID number, among all who have not left.
CREATE TABLE customer_identity (
	id_index    BYTEA NOT NULL, -- C2 keyed hash of the ID number
	customer_id TEXT NOT NULL, -- C1
	made_at     BIGINT NOT NULL, -- C1
	CONSTRAINT customer_identity_pk PRIMARY KEY (id_index),
	CONSTRAINT customer_identity_customer UNIQUE (customer_id)
);

-- What a person agreed to and took back. The newest row of a purpose counts.
-- append-only: customer_consent
CREATE TABLE customer_consent (
	id          TEXT NOT NULL, -- C1
	customer_id TEXT NOT NULL, -- C1
	number      BIGINT NOT NULL, -- C1 of the person's facts: the order, whatever the clocks of nodes say
	purpose     TEXT NOT NULL, -- C1
	version     BIGINT NOT NULL, -- C1 of the text that was shown
	given       BOOLEAN NOT NULL, -- C1 false: withdrawn
	channel     TEXT NOT NULL, -- C1
	at          BIGINT NOT NULL, -- C1
	CONSTRAINT customer_consent_pk PRIMARY KEY (id),
	CONSTRAINT customer_consent_order UNIQUE (customer_id, number)
);

-- Ways through the verification wizard, and later faces that were compared again.
CREATE TABLE customer_verification (
	id           TEXT NOT NULL, -- C1
	customer_id  TEXT NOT NULL, -- C1
	kind         TEXT NOT NULL, -- C1 first for the wizard, again to change a factor
	state        TEXT NOT NULL, -- C1
	step         TEXT NOT NULL, -- C1 what the provider is asked next
	name         BYTEA NOT NULL, -- C2 sealed
	id_number    BYTEA NOT NULL, -- C2 sealed
	id_index     BYTEA NOT NULL, -- C2 keyed hash of the ID number
	front        TEXT, -- C1 document with the picture
	back         TEXT, -- C1 document with the picture
	face         TEXT, -- C1 document with the picture
	pictures     BIGINT NOT NULL, -- C1 how many were sent, replaced ones included
	tries        BIGINT NOT NULL, -- C1 how often the provider failed at this step
	reason       TEXT, -- C1 why it was refused or must be reviewed
	started_at   BIGINT NOT NULL, -- C1
	submitted_at BIGINT, -- C1
	submitted_on TEXT, -- C1 day of the bank: attempts are counted by it
	asked_at     BIGINT, -- C1 since when the provider owes an answer to this step
	decided_at   BIGINT, -- C1
	CONSTRAINT customer_verification_pk PRIMARY KEY (id),
	CONSTRAINT customer_verification_kind CHECK (kind IN ('first', 'again')),
	CONSTRAINT customer_verification_step CHECK (step IN ('identity', 'document', 'face')),
	CONSTRAINT customer_verification_state CHECK (state IN
		('started', 'documents', 'face', 'submitted', 'passed', 'refused', 'manual_review', 'abandoned'))
);
CREATE INDEX customer_verification_customer ON customer_verification (customer_id, id);
CREATE INDEX customer_verification_number ON customer_verification (id_index, submitted_on);
CREATE INDEX customer_verification_review ON customer_verification (id) WHERE state = 'manual_review';
CREATE INDEX customer_verification_unfinished ON customer_verification (started_at)
	WHERE state IN ('started', 'documents', 'face');
CREATE UNIQUE INDEX customer_verification_open ON customer_verification (customer_id)
	WHERE kind = 'first' AND state IN ('started', 'documents', 'face', 'submitted', 'manual_review');

-- Who looked at a person's data, when and why.
-- append-only: customer_access
CREATE TABLE customer_access (
	id          TEXT NOT NULL, -- C1
	customer_id TEXT NOT NULL, -- C1
	at          BIGINT NOT NULL, -- C1
	kind        TEXT NOT NULL, -- C1 customer, staff or system
	actor       TEXT NOT NULL, -- C1 id of who looked
	purpose     TEXT NOT NULL, -- C1 why
	fields      TEXT NOT NULL, -- C1 at what
	CONSTRAINT customer_access_pk PRIMARY KEY (id)
);
CREATE INDEX customer_access_customer ON customer_access (customer_id, id);

-- Copies of their data that people asked for.
CREATE TABLE customer_export (
	id           TEXT NOT NULL, -- C1
	customer_id  TEXT NOT NULL, -- C1
	state        TEXT NOT NULL, -- C1
	content      BYTEA, -- C2 the file, sealed, until it expires
	requested_at BIGINT NOT NULL, -- C1
	ready_at     BIGINT, -- C1
	expires_at   BIGINT, -- C1
	CONSTRAINT customer_export_pk PRIMARY KEY (id),
	CONSTRAINT customer_export_state CHECK (state IN ('requested', 'ready', 'expired'))
);
CREATE INDEX customer_export_customer ON customer_export (customer_id, id);
CREATE INDEX customer_export_ready ON customer_export (expires_at) WHERE state = 'ready';
