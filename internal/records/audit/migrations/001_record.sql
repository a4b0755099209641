-- What was done, by whom, and what came of it: one row an act, written in the act's own transaction.
-- append-only: audit_record
CREATE TABLE audit_record (
	id       TEXT NOT NULL, -- C1 sortable, later is greater
	at       BIGINT NOT NULL, -- C1 instant of the act's transaction
	kind     TEXT NOT NULL, -- C1 customer, staff or system
	actor    TEXT NOT NULL, -- C1 id, or name of a job
	customer TEXT, -- C1 whose matter it is
	behalf   TEXT, -- C1 for whom staff acted
	channel  TEXT NOT NULL, -- C1
	branch   TEXT NOT NULL, -- C1
	device   TEXT, -- C1
	session  TEXT, -- C1
	address  TEXT, -- C2 network address of the caller
	trace    TEXT, -- C1
	reason   TEXT, -- C2 why, in the words of staff
	act      TEXT NOT NULL, -- C1 domain.act
	subject  TEXT NOT NULL, -- C1 id of the thing acted on
	outcome  TEXT NOT NULL, -- C1
	code     TEXT, -- C1 why it was refused
	detail   TEXT, -- C1 JSON of ids and codes
	personal BYTEA, -- C2 sealed under the customer's key
	mac_key  TEXT NOT NULL, -- C1 names the key of the MAC
	mac      BYTEA NOT NULL, -- C1 over all columns above
	CONSTRAINT audit_record_pk PRIMARY KEY (id),
	CONSTRAINT audit_record_outcome_known CHECK (outcome IN ('done', 'refused'))
);

-- The log as its customer sees it, and what one member of staff did.
CREATE INDEX audit_record_customer ON audit_record (customer, id) WHERE customer IS NOT NULL;
CREATE INDEX audit_record_staff ON audit_record (actor, id) WHERE kind = 'staff';

-- Records that wait for their place in the log. Its rows live about a second.
CREATE TABLE audit_pending (
	id TEXT NOT NULL, -- C1 the record
	CONSTRAINT audit_pending_pk PRIMARY KEY (id)
);

-- The place of each record in the log, given by the sealer.
-- append-only: audit_leaf
CREATE TABLE audit_leaf (
	number BIGINT NOT NULL, -- C1 from 0, without gaps
	record TEXT NOT NULL, -- C1
	CONSTRAINT audit_leaf_pk PRIMARY KEY (number),
	CONSTRAINT audit_leaf_record_once UNIQUE (record)
);

-- The hashes of the Merkle tree, at the positions of tlog.StoredHashIndex.
-- append-only: audit_hash
CREATE TABLE audit_hash (
	position BIGINT NOT NULL, -- C1
	hash     BYTEA NOT NULL, -- C1
	CONSTRAINT audit_hash_pk PRIMARY KEY (position)
);

-- The signed sizes and roots of the tree, one each time that the sealer ran.
-- append-only: audit_checkpoint
CREATE TABLE audit_checkpoint (
	size    BIGINT NOT NULL, -- C1 leaves in the tree
	note    TEXT NOT NULL, -- C1 signed note
	made_at BIGINT NOT NULL, -- C1
	CONSTRAINT audit_checkpoint_pk PRIMARY KEY (size)
);

-- The one row that a sealer locks, so that there is one sealer at a time in a cluster.
CREATE TABLE audit_head (
	name TEXT NOT NULL, -- C1 log
	size BIGINT NOT NULL, -- C1 leaves that have a number
	CONSTRAINT audit_head_pk PRIMARY KEY (name)
);

INSERT INTO audit_head (name, size) VALUES ('log', 0);
