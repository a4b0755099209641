-- Work that is done after the act that asked for it. A job waits, runs under a lease, and is done or dead.
CREATE TABLE job_job (
	id           TEXT NOT NULL, -- C1
	kind         TEXT NOT NULL, -- C1 what to do
	payload      TEXT NOT NULL, -- C2 JSON of ids and codes, without personal data
	unique_key   TEXT, -- C1 at most one live job of a kind has it
	trace        TEXT, -- C1
	state        TEXT NOT NULL, -- C1
	attempts     BIGINT NOT NULL, -- C1 begun so far
	fence        BIGINT NOT NULL, -- C1 grows with each claim
	holder       TEXT, -- C1 node that runs it
	run_at       BIGINT NOT NULL, -- C1
	leased_until BIGINT, -- C1
	code         TEXT, -- C1 code of the last failure
	made_at      BIGINT NOT NULL, -- C1
	ended_at     BIGINT, -- C1
	CONSTRAINT job_job_pk PRIMARY KEY (id),
	CONSTRAINT job_job_state CHECK (state IN ('waiting', 'running', 'done', 'dead')),
	CONSTRAINT job_job_lease CHECK ((state = 'running') = (leased_until IS NOT NULL))
);
CREATE INDEX job_job_due ON job_job (run_at, id) WHERE state = 'waiting';
CREATE INDEX job_job_leased ON job_job (leased_until) WHERE state = 'running';
CREATE INDEX job_job_done ON job_job (ended_at) WHERE state = 'done';
CREATE INDEX job_job_dead ON job_job (id) WHERE state = 'dead';
CREATE UNIQUE INDEX job_job_unique ON job_job (kind, unique_key) WHERE state IN ('waiting', 'running');

-- When each schedule is due next. Whichever node locks a due row enqueues its job and moves it on.
CREATE TABLE job_schedule (
	name    TEXT NOT NULL, -- C1
	kind    TEXT NOT NULL, -- C1
	spec    TEXT NOT NULL, -- C1 cron expression, in the bank's zone
	next_at BIGINT NOT NULL, -- C1
	CONSTRAINT job_schedule_pk PRIMARY KEY (name)
);

-- Roles that one node at a time has. The fence grows with each holder, so that a late one is found out.
CREATE TABLE job_lease (
	name       TEXT NOT NULL, -- C1
	holder     TEXT NOT NULL, -- C1 node
	fence      BIGINT NOT NULL, -- C1
	held_until BIGINT NOT NULL, -- C1
	CONSTRAINT job_lease_pk PRIMARY KEY (name)
);
