-- The rates that the bank has posted: of a product from a day on, by amount. Contracts take them, or float with them.
CREATE TABLE catalog_rate (
	product        TEXT NOT NULL, -- C1 catalog_product
	effective_from TEXT NOT NULL, -- C1 the first day
	least          BIGINT NOT NULL, -- C1 minor units from which this tier holds
	rate           BIGINT NOT NULL, -- C1 of a year, in hundred-millionths
	source         TEXT NOT NULL, -- C1 where it was posted, or who approved it
	made_at        BIGINT NOT NULL, -- C1
	CONSTRAINT catalog_rate_pk PRIMARY KEY (product, effective_from, least)
);
-- append-only: catalog_rate
