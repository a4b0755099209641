-- Every look of staff at a personal field, with its reason.
-- append-only: access_look
CREATE TABLE access_look (
	id       TEXT NOT NULL, -- C1
	staff    TEXT NOT NULL, -- C1
	customer TEXT NOT NULL, -- C1
	field    TEXT NOT NULL, -- C1
	reason   TEXT NOT NULL, -- C1 code
	note     BYTEA, -- C2 sealed: the reason in words
	day      TEXT NOT NULL, -- C1 of the bank
	at       BIGINT NOT NULL, -- C1
	CONSTRAINT access_look_pk PRIMARY KEY (id)
);
CREATE INDEX access_look_staff ON access_look (staff, id);

-- How often each member of staff looked on a day: a counter, so that a limit holds when two looks meet.
CREATE TABLE access_looked (
	staff TEXT NOT NULL, -- C1
	day   TEXT NOT NULL, -- C1
	used  BIGINT NOT NULL, -- C1
	CONSTRAINT access_looked_pk PRIMARY KEY (staff, day)
);

-- Unusual looking-around, for compliance. One of each kind about one customer a day.
CREATE TABLE access_alert (
	id          TEXT NOT NULL, -- C1
	kind        TEXT NOT NULL, -- C1
	staff       TEXT NOT NULL, -- C1
	branch_path TEXT NOT NULL, -- C1 of the member of staff
	customer    TEXT NOT NULL, -- C1 empty when it is about many
	day         TEXT NOT NULL, -- C1
	looks       BIGINT NOT NULL, -- C1 of that day until then
	made_at     BIGINT NOT NULL, -- C1
	closed_at   BIGINT, -- C1
	closed_by   TEXT, -- C1
	finding     TEXT, -- C1 code
	CONSTRAINT access_alert_pk PRIMARY KEY (id),
	CONSTRAINT access_alert_once UNIQUE (kind, staff, day, customer),
	CONSTRAINT access_alert_kind CHECK (kind IN ('many', 'own', 'relative', 'colleague', 'hours', 'refused'))
);
CREATE INDEX access_alert_open ON access_alert (id) WHERE closed_at IS NULL;
