-- Keys of clients, and what their first use made. A key is found by the hash of who used it, what for, and the key.
CREATE TABLE once_claim (
	scope     BYTEA NOT NULL, -- C1 the first half of SHA-256
	operation TEXT NOT NULL, -- C1 what for
	key       TEXT NOT NULL, -- C1 the client's own
	body_hash BYTEA NOT NULL, -- C1 of what was asked
	entity    TEXT NOT NULL, -- C1 id of what the act made
	made_at   BIGINT NOT NULL, -- C1
	CONSTRAINT once_claim_pk PRIMARY KEY (scope)
);

DROP TABLE once_key;
