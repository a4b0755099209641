-- Receipts that customers asked for, and the links that confirm them. Who has the link sees the receipt with masked
-- names, so the database keeps the code of a link as a keyed hash, and sealed for its owner to show it again.
CREATE TABLE payment_receipt (
	id         TEXT NOT NULL, -- C1 printed as the receipt's number
	transfer   TEXT NOT NULL, -- C1
	customer   TEXT NOT NULL, -- C1 whose paper it is
	code       BYTEA NOT NULL, -- C3 of the link, sealed under the customer's key
	code_hash  BYTEA NOT NULL, -- C2 keyed hash of the code
	made_at    BIGINT NOT NULL, -- C1
	revoked_at BIGINT, -- C1 when its owner closed the link
	CONSTRAINT payment_receipt_pk PRIMARY KEY (id)
);
CREATE UNIQUE INDEX payment_receipt_code_ux ON payment_receipt (code_hash);
-- One live receipt for each party of a transfer.
CREATE UNIQUE INDEX payment_receipt_transfer_ux ON payment_receipt (transfer, customer) WHERE revoked_at IS NULL;
