-- The branches of the bank, as a tree: a path begins with the path of the branch above.
CREATE TABLE access_branch (
	code      TEXT NOT NULL, -- C1
	parent    TEXT, -- C1 NULL for the head office
	path      TEXT NOT NULL, -- C1 codes from the head office down, each followed by a stroke
	name      TEXT NOT NULL, -- C1
	made_at   BIGINT NOT NULL, -- C1
	closed_at BIGINT, -- C1
	CONSTRAINT access_branch_pk PRIMARY KEY (code),
	CONSTRAINT access_branch_path UNIQUE (path)
);

-- The people who work for the bank.
CREATE TABLE access_staff (
	id          TEXT NOT NULL, -- C1
	name        BYTEA NOT NULL, -- C2 sealed under the bank's key
	branch      TEXT NOT NULL, -- C1 where they work
	branch_path TEXT NOT NULL, -- C1
	state       TEXT NOT NULL, -- C1
	person      BYTEA, -- C2 keyed hash of the ID number: one person may have two accounts
	made_at     BIGINT NOT NULL, -- C1
	left_at     BIGINT, -- C1
	CONSTRAINT access_staff_pk PRIMARY KEY (id),
	CONSTRAINT access_staff_state CHECK (state IN ('invited', 'active', 'suspended', 'left'))
);
CREATE INDEX access_staff_branch ON access_staff (branch_path, id);

-- Who has which role, at which branch and below, and when.
CREATE TABLE access_assignment (
	id       TEXT NOT NULL, -- C1
	staff    TEXT NOT NULL, -- C1
	role     TEXT NOT NULL, -- C1
	branch   TEXT NOT NULL, -- C1
	first_on TEXT NOT NULL, -- C1 first day
	last_on  TEXT, -- C1 last day, NULL for an open end
	made_by  TEXT NOT NULL, -- C1
	made_at  BIGINT NOT NULL, -- C1
	ended_at BIGINT, -- C1 when it was taken back
	CONSTRAINT access_assignment_pk PRIMARY KEY (id)
);
CREATE INDEX access_assignment_staff ON access_assignment (staff, id);

-- Customers whom a member of staff may not serve: himself, his relatives.
CREATE TABLE access_tie (
	staff    TEXT NOT NULL, -- C1
	customer TEXT NOT NULL, -- C1
	kind     TEXT NOT NULL, -- C1
	made_at  BIGINT NOT NULL, -- C1
	CONSTRAINT access_tie_pk PRIMARY KEY (staff, customer),
	CONSTRAINT access_tie_kind CHECK (kind IN ('self', 'relative'))
);
CREATE INDEX access_tie_customer ON access_tie (customer);
