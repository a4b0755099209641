-- The data key of each owner, wrapped by the bank's ring, which is kept outside this database. An erased owner keeps the
-- row without the key.
CREATE TABLE vault_key (
	owner        TEXT NOT NULL, -- C1 customer id, or bank
	wrapped      BYTEA, -- C3 the data key under the ring, gone once destroyed
	made_at      BIGINT NOT NULL, -- C1
	destroyed_at BIGINT, -- C1
	CONSTRAINT vault_key_pk PRIMARY KEY (owner),
	CONSTRAINT vault_key_destroyed CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
