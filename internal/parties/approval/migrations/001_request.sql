-- Requests for acts that several people of the bank decide.
CREATE TABLE approval_request (
	id               TEXT NOT NULL, -- C1
	kind             TEXT NOT NULL, -- C1 which act
	subject          TEXT NOT NULL, -- C1 id of what would change
	customer         TEXT NOT NULL, -- C1 whom it is about, empty when nobody
	branch           TEXT NOT NULL, -- C1 where
	amount           BIGINT NOT NULL, -- C2 minor units, 0 when the act has none
	currency         TEXT NOT NULL, -- C1 empty when the act has no amount
	requester        TEXT NOT NULL, -- C1 staff
	requester_person TEXT NOT NULL, -- C1 the human being behind the account
	channel          TEXT NOT NULL, -- C1
	device           TEXT NOT NULL, -- C1
	session          TEXT NOT NULL, -- C1
	content          BYTEA NOT NULL, -- C3 the change, before and after, and why: sealed under the key of whom it is about
	hash             TEXT NOT NULL, -- C1 of the change and of what it relies on
	steps            TEXT NOT NULL, -- C1 JSON, the roles of each step
	step             BIGINT NOT NULL, -- C1 steps decided so far
	policy           BIGINT NOT NULL, -- C1 number of the policy that asked for the steps
	state            TEXT NOT NULL, -- C1
	code             TEXT NOT NULL, -- C1 why it was overtaken or failed
	result           TEXT NOT NULL, -- C1 id of what the act made
	made_at          BIGINT NOT NULL, -- C1
	expires_at       BIGINT NOT NULL, -- C1
	ended_at         BIGINT, -- C1
	seen_at          BIGINT, -- C1 when the requester saw how it ended
	CONSTRAINT approval_request_pk PRIMARY KEY (id),
	CONSTRAINT approval_request_state_ck CHECK (state IN ('waiting', 'executed', 'refused', 'withdrawn', 'expired', 'overtaken', 'failed'))
);
CREATE INDEX approval_request_requester_ix ON approval_request (requester, id);
CREATE INDEX approval_request_expiry_ix ON approval_request (expires_at) WHERE state = 'waiting';

-- The roles that may decide the present step of a request that waits.
CREATE TABLE approval_waiting (
	role    TEXT NOT NULL, -- C1
	request TEXT NOT NULL, -- C1
	CONSTRAINT approval_waiting_pk PRIMARY KEY (role, request)
);
CREATE INDEX approval_waiting_request_ix ON approval_waiting (request);

-- Who decided what, and why.
-- append-only: approval_decision
CREATE TABLE approval_decision (
	request     TEXT NOT NULL, -- C1
	step        BIGINT NOT NULL, -- C1 from 0
	staff       TEXT NOT NULL, -- C1
	person      TEXT NOT NULL, -- C1 the human being behind the account
	in_place_of TEXT NOT NULL, -- C1 staff that is away, empty when somebody decides for himself
	agree       BOOLEAN NOT NULL, -- C1
	reason      BYTEA, -- C2 sealed with the request
	at          BIGINT NOT NULL, -- C1
	CONSTRAINT approval_decision_pk PRIMARY KEY (request, step)
);

-- Which steps the requests of a kind need, where the bank has decided otherwise than the program.
-- append-only: approval_policy
CREATE TABLE approval_policy (
	kind    TEXT NOT NULL, -- C1
	number  BIGINT NOT NULL, -- C1
	policy  TEXT NOT NULL, -- C1 JSON
	made_by TEXT NOT NULL, -- C1 staff
	request TEXT NOT NULL, -- C1 that was approved
	made_at BIGINT NOT NULL, -- C1
	CONSTRAINT approval_policy_pk PRIMARY KEY (kind, number)
);

-- Who decides in whose place, and when.
CREATE TABLE approval_delegation (
	id        TEXT NOT NULL, -- C1
	absent    TEXT NOT NULL, -- C1 staff that is away
	deputy    TEXT NOT NULL, -- C1 staff that decides
	first_day TEXT NOT NULL, -- C1
	last_day  TEXT NOT NULL, -- C1
	made_at   BIGINT NOT NULL, -- C1
	ended_at  BIGINT, -- C1 before its last day
	CONSTRAINT approval_delegation_pk PRIMARY KEY (id),
	CONSTRAINT approval_delegation_span_ck CHECK (last_day >= first_day),
	CONSTRAINT approval_delegation_other_ck CHECK (absent <> deputy)
);
CREATE INDEX approval_delegation_deputy_ix ON approval_delegation (deputy, last_day);
CREATE INDEX approval_delegation_absent_ix ON approval_delegation (absent, last_day);

-- A row that those take who must not act at the same time.
CREATE TABLE approval_turn (
	name  TEXT NOT NULL, -- C1
	taken BIGINT NOT NULL, -- C1 how often
	CONSTRAINT approval_turn_pk PRIMARY KEY (name)
);
