-- What is known about each stored document. The document itself stands in a storage, sealed.
CREATE TABLE blob_blob (
	id           TEXT NOT NULL, -- C1
	owner        TEXT NOT NULL, -- C1 customer id, or bank
	kind         TEXT NOT NULL, -- C1 what the document is for
	content_type TEXT NOT NULL, -- C1
	size         BIGINT NOT NULL, -- C1 in bytes, before sealing
	made_at      BIGINT NOT NULL, -- C1
	CONSTRAINT blob_blob_pk PRIMARY KEY (id)
);
CREATE INDEX blob_blob_owner ON blob_blob (owner, id);

-- The storage in the database.
CREATE TABLE blob_content (
	id     TEXT NOT NULL, -- C1
	sealed BYTEA NOT NULL, -- C3 under the owner's data key
	CONSTRAINT blob_content_pk PRIMARY KEY (id)
);
