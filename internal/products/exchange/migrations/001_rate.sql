-- Middle rates as they were told: what one unit of a currency was worth in yuan.
CREATE TABLE exchange_rate (
	currency TEXT NOT NULL, -- C1
	at       BIGINT NOT NULL, -- C1 when it was so
	day      TEXT NOT NULL, -- C1 of at, in the bank's zone
	middle   BIGINT NOT NULL, -- C1 yuan, in hundred-millionths
	source   TEXT NOT NULL, -- C1 who told it
	kept_at  BIGINT NOT NULL, -- C1
	CONSTRAINT exchange_rate_pk PRIMARY KEY (currency, at),
	CONSTRAINT exchange_rate_middle_ck CHECK (middle > 0)
);
CREATE INDEX exchange_rate_day_ix ON exchange_rate (currency, day, at);
-- append-only: exchange_rate

-- What customers have exchanged.
CREATE TABLE exchange_trade (
	id           TEXT NOT NULL, -- C1 sortable by time
	customer     TEXT NOT NULL, -- C1
	from_account TEXT NOT NULL, -- C1
	to_account   TEXT NOT NULL, -- C1
	side         TEXT NOT NULL, -- C1 the customer buys or sells the currency
	currency     TEXT NOT NULL, -- C1 that is not yuan
	amount       BIGINT NOT NULL, -- C2 its minor units
	yuan         BIGINT NOT NULL, -- C2 fen paid or received
	price        BIGINT NOT NULL, -- C1 yuan for one unit, in hundred-millionths
	middle       BIGINT NOT NULL, -- C1 the same, of the middle rate
	rate_at      BIGINT NOT NULL, -- C1 of the middle rate
	value        BIGINT NOT NULL, -- C2 fen at the middle rate
	spread       BIGINT NOT NULL, -- C2 fen that the bank earned
	dollars      BIGINT NOT NULL, -- C2 US cents that count against limits
	purpose      TEXT NOT NULL, -- C2 of a purchase, else empty
	journal      TEXT NOT NULL, -- C1
	day          TEXT NOT NULL, -- C1 business date
	actor        TEXT NOT NULL, -- C1
	channel      TEXT NOT NULL, -- C1
	device       TEXT NOT NULL, -- C1
	session      TEXT NOT NULL, -- C1
	trace        TEXT NOT NULL, -- C1
	at           BIGINT NOT NULL, -- C1
	CONSTRAINT exchange_trade_pk PRIMARY KEY (id),
	CONSTRAINT exchange_trade_side_ck CHECK (side IN ('buy', 'sell')),
	CONSTRAINT exchange_trade_amount_ck CHECK (amount > 0 AND yuan > 0 AND spread >= 0)
);
CREATE INDEX exchange_trade_customer_ix ON exchange_trade (customer, id);
CREATE INDEX exchange_trade_currency_ix ON exchange_trade (currency, day);
-- append-only: exchange_trade

-- Positions at the end of days.
CREATE TABLE exchange_valuation (
	currency TEXT NOT NULL, -- C1
	day      TEXT NOT NULL, -- C1 business date
	position BIGINT NOT NULL, -- C1 minor units, more than zero: long
	middle   BIGINT NOT NULL, -- C1 yuan for one unit, in hundred-millionths
	rate_at  BIGINT NOT NULL, -- C1
	cost     BIGINT NOT NULL, -- C1 fen before
	value    BIGINT NOT NULL, -- C1 fen after
	journal  TEXT NOT NULL, -- C1 empty when nothing changed
	at       BIGINT NOT NULL, -- C1
	CONSTRAINT exchange_valuation_pk PRIMARY KEY (currency, day)
);
-- append-only: exchange_valuation
