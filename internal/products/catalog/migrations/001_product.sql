-- What the bank sells. A product never changes: its terms do, as dated versions that are only added.
CREATE TABLE catalog_product (
	code    TEXT NOT NULL, -- C1 stable code, such as current_1
	kind    TEXT NOT NULL, -- C1 current (more kinds with their issues)
	made_at BIGINT NOT NULL, -- C1
	CONSTRAINT catalog_product_pk PRIMARY KEY (code)
);
CREATE TABLE catalog_version (
	product        TEXT NOT NULL, -- C1
	version        BIGINT NOT NULL, -- C1 1, 2, 3 ...
	effective_from TEXT NOT NULL, -- C1 date from which new contracts take these terms
	terms          TEXT NOT NULL, -- C1 JSON
	made_at        BIGINT NOT NULL, -- C1
	CONSTRAINT catalog_version_pk PRIMARY KEY (product, version)
);
-- append-only: catalog_product
-- append-only: catalog_version
