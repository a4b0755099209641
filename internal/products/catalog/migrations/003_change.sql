-- Who asked for a version and who agreed to it: of versions that staff made. Those that came with the program have no row.
CREATE TABLE catalog_change (
	product     TEXT NOT NULL, -- C1
	version     BIGINT NOT NULL, -- C1
	asked_by    TEXT NOT NULL, -- C1 staff
	approved_by TEXT NOT NULL, -- C1 staff, parted by spaces
	request     TEXT NOT NULL, -- C1 the approved request
	made_at     BIGINT NOT NULL, -- C1
	CONSTRAINT catalog_change_pk PRIMARY KEY (product, version)
);
-- append-only: catalog_change
