-- What each client key was used for: the entity that answers a repetition. Keys of money are kept for ever.
CREATE TABLE once_key (
	principal TEXT NOT NULL, -- C1 who used the key
	operation TEXT NOT NULL, -- C1 what for
	key       TEXT NOT NULL, -- C1
	body_hash BYTEA NOT NULL, -- C1
	entity    TEXT NOT NULL, -- C1 id of what the act made
	made_at   BIGINT NOT NULL, -- C1
	CONSTRAINT once_key_pk PRIMARY KEY (principal, operation, key)
);
