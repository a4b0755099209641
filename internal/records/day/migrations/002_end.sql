-- What end of day has done for each closed day. The cursor moves in the transaction that does the work.
CREATE TABLE day_step (
	date       TEXT NOT NULL, -- C1 the closed business date
	name       TEXT NOT NULL, -- C1 the step
	place      BIGINT NOT NULL, -- C1 its place in the order of that day
	state      TEXT NOT NULL, -- C1 waiting, running or done
	cursor     TEXT NOT NULL, -- C1 the last item that was worked through
	done       BIGINT NOT NULL, -- C1 items done
	aside      BIGINT NOT NULL, -- C1 items set aside
	started_at BIGINT, -- C1
	ended_at   BIGINT, -- C1
	CONSTRAINT day_step_pk PRIMARY KEY (date, name),
	CONSTRAINT day_step_state_ck CHECK (state IN ('waiting', 'running', 'done'))
);

-- Items that a step could not do, until a retry can.
CREATE TABLE day_aside (
	date        TEXT NOT NULL, -- C1 the closed business date
	step        TEXT NOT NULL, -- C1 day_step
	item        TEXT NOT NULL, -- C1 id of the account or whatever the step works through
	place       BIGINT NOT NULL, -- C1 of the step: retries keep the order
	code        TEXT NOT NULL, -- C1 why
	detail      TEXT NOT NULL, -- C1 why, for engineers, without personal data
	attempts    BIGINT NOT NULL, -- C1 how often it was tried
	at          BIGINT NOT NULL, -- C1 when it was tried last
	resolved_at BIGINT, -- C1 when it succeeded
	CONSTRAINT day_aside_pk PRIMARY KEY (date, step, item)
);
CREATE INDEX day_aside_open_ix ON day_aside (item) WHERE resolved_at IS NULL;

-- What the tie-outs of a closed day found, as they stood when they ran last.
CREATE TABLE day_check (
	date        TEXT NOT NULL, -- C1 the closed business date
	name        TEXT NOT NULL, -- C1 the check
	differences BIGINT NOT NULL, -- C1 how many, 0 when it agrees
	detail      TEXT NOT NULL, -- C2 the first of them: ids and sums
	at          BIGINT NOT NULL, -- C1
	CONSTRAINT day_check_pk PRIMARY KEY (date, name)
);

-- How far the end of a closed day has come beyond its steps.
CREATE TABLE day_end (
	date        TEXT NOT NULL, -- C1 the closed business date
	began_at    BIGINT NOT NULL, -- C1
	problem     TEXT NOT NULL, -- C1 why it waits for operators, as a code, or empty
	detail      TEXT NOT NULL, -- C1 the same for engineers
	tied_out_at BIGINT, -- C1
	locked_at   BIGINT, -- C1
	CONSTRAINT day_end_pk PRIMARY KEY (date)
);
