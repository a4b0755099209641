CREATE TABLE note_page (
	id      TEXT NOT NULL, -- C1
	title   TEXT NOT NULL, -- C1
	amount  BIGINT NOT NULL, -- C1
	done    BOOLEAN NOT NULL, -- C1
	body    BYTEA, -- C1
	made_at BIGINT, -- C1
	CONSTRAINT note_page_pk PRIMARY KEY (id),
	CONSTRAINT note_page_amount_ck CHECK (amount >= 0)
);
CREATE TABLE note_line (
	id TEXT NOT NULL, -- C1
	CONSTRAINT note_line_pk PRIMARY KEY (id)
);
-- append-only: note_line
