-- Who can sign in: customers and staff alike.
CREATE TABLE auth_principal (
	id                TEXT NOT NULL, -- C1 id of the customer or member of staff
	kind              TEXT NOT NULL, -- C1
	state             TEXT NOT NULL, -- C1
	password          TEXT, -- C3 Argon2id in PHC format
	factor_changed_at BIGINT, -- C1 limits are reduced for a while after it
	made_at           BIGINT NOT NULL, -- C1
	CONSTRAINT auth_principal_pk PRIMARY KEY (id),
	CONSTRAINT auth_principal_kind CHECK (kind IN ('customer', 'staff')),
	CONSTRAINT auth_principal_state CHECK (state IN ('active', 'suspended', 'closed'))
);

-- Phone numbers and mail addresses by which principals are found: sealed, with a blind index for equality.
CREATE TABLE auth_identifier (
	principal   TEXT NOT NULL, -- C1
	kind        TEXT NOT NULL, -- C1
	blind       BYTEA NOT NULL, -- C2 keyed hash of the normalised value, of either living generation
	sealed      BYTEA NOT NULL, -- C2 the value, under the principal's data key
	verified_at BIGINT NOT NULL, -- C1
	CONSTRAINT auth_identifier_pk PRIMARY KEY (principal, kind),
	CONSTRAINT auth_identifier_once UNIQUE (kind, blind),
	CONSTRAINT auth_identifier_kind CHECK (kind IN ('phone', 'email'))
);

-- One-time codes that were sent.
CREATE TABLE auth_challenge (
	id         TEXT NOT NULL, -- C1
	purpose    TEXT NOT NULL, -- C1
	kind       TEXT NOT NULL, -- C1 phone or email
	sealed     BYTEA NOT NULL, -- C2 where the code went
	principal  TEXT, -- C1 NULL when nobody has this contact
	bound      TEXT, -- C1 session or ticket that the code belongs to
	key_id     TEXT NOT NULL, -- C1 key of the MAC
	mac        BYTEA NOT NULL, -- C3 MAC of the code with its purpose and destination
	tries      BIGINT NOT NULL, -- C1
	made_at    BIGINT NOT NULL, -- C1
	expires_at BIGINT NOT NULL, -- C1
	used_at    BIGINT, -- C1
	CONSTRAINT auth_challenge_pk PRIMARY KEY (id)
);
CREATE INDEX auth_challenge_expiry ON auth_challenge (expires_at);

-- Passkey ceremonies under way.
CREATE TABLE auth_ceremony (
	id         TEXT NOT NULL, -- C1
	use_for    TEXT NOT NULL, -- C1 sign_in, second_factor, step_up, add, payment
	principal  TEXT, -- C1 NULL when anybody may answer
	bound      TEXT, -- C1 session or ticket, and purpose, that the answer belongs to
	challenge  TEXT NOT NULL, -- C1 what the passkey signs, in base64url
	expires_at BIGINT NOT NULL, -- C1
	used_at    BIGINT, -- C1
	CONSTRAINT auth_ceremony_pk PRIMARY KEY (id)
);
CREATE INDEX auth_ceremony_expiry ON auth_ceremony (expires_at);

-- What was tried how often: codes sent, passwords guessed. Keys are keyed hashes and name nobody.
CREATE TABLE auth_counter (
	kind         TEXT NOT NULL, -- C1
	id           BYTEA NOT NULL, -- C1
	used         BIGINT NOT NULL, -- C1
	ends_at      BIGINT NOT NULL, -- C1 end of the window
	locked_until BIGINT, -- C1
	CONSTRAINT auth_counter_pk PRIMARY KEY (kind, id)
);
CREATE INDEX auth_counter_expiry ON auth_counter (ends_at);

-- Devices on which a principal has passed a second factor.
CREATE TABLE auth_device (
	id         TEXT NOT NULL, -- C1
	principal  TEXT NOT NULL, -- C1
	token_hash BYTEA NOT NULL, -- C3
	name       TEXT NOT NULL, -- C1 coarse: Chrome on Android
	made_at    BIGINT NOT NULL, -- C1
	seen_at    BIGINT NOT NULL, -- C1
	unbound_at BIGINT, -- C1
	CONSTRAINT auth_device_pk PRIMARY KEY (id),
	CONSTRAINT auth_device_once UNIQUE (token_hash, principal)
);
CREATE INDEX auth_device_principal ON auth_device (principal, id);

CREATE TABLE auth_session (
	id         TEXT NOT NULL, -- C1
	principal  TEXT NOT NULL, -- C1
	kind       TEXT NOT NULL, -- C1
	audience   TEXT NOT NULL, -- C1
	token_hash BYTEA NOT NULL, -- C3
	device     TEXT NOT NULL, -- C1
	name       TEXT NOT NULL, -- C1 coarse name of the device
	network    TEXT NOT NULL, -- C1 coarse address
	method     TEXT NOT NULL, -- C1
	made_at    BIGINT NOT NULL, -- C1
	seen_at    BIGINT NOT NULL, -- C1 written at most every five minutes
	expires_at BIGINT NOT NULL, -- C1
	ended_at   BIGINT, -- C1
	CONSTRAINT auth_session_pk PRIMARY KEY (id),
	CONSTRAINT auth_session_token UNIQUE (token_hash),
	CONSTRAINT auth_session_audience CHECK (audience IN ('app', 'console'))
);
CREATE INDEX auth_session_principal ON auth_session (principal, id);
CREATE INDEX auth_session_expiry ON auth_session (expires_at);

-- Sign-ins that wait for their second factor.
CREATE TABLE auth_ticket (
	token_hash  BYTEA NOT NULL, -- C3
	principal   TEXT NOT NULL, -- C1
	method      TEXT NOT NULL, -- C1 the first factor
	device_hash BYTEA NOT NULL, -- C3
	network     TEXT NOT NULL, -- C1
	audience    TEXT NOT NULL, -- C1
	tries       BIGINT NOT NULL, -- C1
	expires_at  BIGINT NOT NULL, -- C1
	used_at     BIGINT, -- C1
	CONSTRAINT auth_ticket_pk PRIMARY KEY (token_hash)
);
CREATE INDEX auth_ticket_expiry ON auth_ticket (expires_at);

-- Step-ups that were passed and not yet used.
CREATE TABLE auth_proof (
	token_hash BYTEA NOT NULL, -- C3
	principal  TEXT NOT NULL, -- C1
	session    TEXT NOT NULL, -- C1
	purpose    TEXT NOT NULL, -- C1
	method     TEXT NOT NULL, -- C1
	expires_at BIGINT NOT NULL, -- C1
	used_at    BIGINT, -- C1
	CONSTRAINT auth_proof_pk PRIMARY KEY (token_hash)
);
CREATE INDEX auth_proof_expiry ON auth_proof (expires_at);

-- Re-verifications by document and face that have changed a factor: each serves once.
CREATE TABLE auth_reverified (
	verification TEXT NOT NULL, -- C1
	principal    TEXT NOT NULL, -- C1
	used_at      BIGINT NOT NULL, -- C1
	CONSTRAINT auth_reverified_pk PRIMARY KEY (verification)
);

CREATE TABLE auth_passkey (
	id              TEXT NOT NULL, -- C1
	principal       TEXT NOT NULL, -- C1
	credential      BYTEA NOT NULL, -- C2
	public_key      BYTEA NOT NULL, -- C1 COSE
	flags           BIGINT NOT NULL, -- C1 of the authenticator's last answer
	counter         BIGINT NOT NULL, -- C1
	transports      TEXT NOT NULL, -- C1 separated by blanks
	format          TEXT NOT NULL, -- C1 of the attestation
	name            TEXT NOT NULL, -- C1 of the device that made it
	made_at         BIGINT NOT NULL, -- C1
	used_at         BIGINT, -- C1
	CONSTRAINT auth_passkey_pk PRIMARY KEY (id),
	CONSTRAINT auth_passkey_once UNIQUE (credential)
);
CREATE INDEX auth_passkey_principal ON auth_passkey (principal, id);

-- Payment PINs: MAC(customer, salt, key id, PIN) under a key outside the database.
CREATE TABLE auth_pin (
	principal TEXT NOT NULL, -- C1
	salt      BYTEA NOT NULL, -- C3
	key_id    TEXT NOT NULL, -- C1
	mac       BYTEA NOT NULL, -- C3
	failures  BIGINT NOT NULL, -- C1 since the last right one
	locked_at BIGINT, -- C1
	set_at    BIGINT NOT NULL, -- C1
	CONSTRAINT auth_pin_pk PRIMARY KEY (principal)
);

-- History of sign-ins, as the customer sees it.
CREATE TABLE auth_sign_in (
	id        TEXT NOT NULL, -- C1 sorts by time
	principal TEXT NOT NULL, -- C1
	at        BIGINT NOT NULL, -- C1
	method    TEXT NOT NULL, -- C1
	code      TEXT, -- C1 why it was refused; NULL when it was not
	name      TEXT NOT NULL, -- C1 coarse name of the device
	network   TEXT NOT NULL, -- C1 coarse address
	CONSTRAINT auth_sign_in_pk PRIMARY KEY (id)
);
CREATE INDEX auth_sign_in_principal ON auth_sign_in (principal, id);
