-- Secrets of authenticator apps (RFC 6238). A step serves once.
CREATE TABLE auth_totp (
	principal TEXT NOT NULL, -- C1
	secret    BYTEA NOT NULL, -- C3 sealed
	last_step BIGINT NOT NULL, -- C1 of the last right code: that one and older ones are refused
	made_at   BIGINT NOT NULL, -- C1
	CONSTRAINT auth_totp_pk PRIMARY KEY (principal)
);

-- Links by which staff choose their password and take their second factor. Each serves once.
CREATE TABLE auth_invitation (
	token_hash BYTEA NOT NULL, -- C3
	principal  TEXT NOT NULL, -- C1
	secret     BYTEA NOT NULL, -- C3 sealed: of the authenticator app, once it was confirmed
	tries      BIGINT NOT NULL, -- C1
	expires_at BIGINT NOT NULL, -- C1
	CONSTRAINT auth_invitation_pk PRIMARY KEY (token_hash),
	CONSTRAINT auth_invitation_principal UNIQUE (principal)
);
