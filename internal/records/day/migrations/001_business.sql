-- The business days of the bank, one row each: what was booked into a day can be tied out once it is cut off.
CREATE TABLE day_business (
	date       TEXT NOT NULL, -- C1 the business date
	state      TEXT NOT NULL, -- C1 OPEN, CUTOFF, TIED_OUT or LOCKED, only ever in this order
	opened_at  BIGINT NOT NULL, -- C1 when the day began to take bookings
	cut_off_at BIGINT, -- C1 when it ceased to
	CONSTRAINT day_business_pk PRIMARY KEY (date),
	CONSTRAINT day_business_state CHECK (state IN ('OPEN', 'CUTOFF', 'TIED_OUT', 'LOCKED'))
);

-- The one row that every booking locks shared and the roll to the next day locks alone.
CREATE TABLE day_current (
	one  TEXT NOT NULL, -- C1 always 'bank': the table has one row
	date TEXT NOT NULL, -- C1 the business date that is open
	CONSTRAINT day_current_pk PRIMARY KEY (one),
	CONSTRAINT day_current_one CHECK (one = 'bank')
);
