-- What each figure is worth from a day on, where that comes from and how sure it is.
-- append-only: rule_figure
CREATE TABLE rule_figure (
	key            TEXT NOT NULL, -- C1 domain.subject.what_unit
	effective_from TEXT NOT NULL, -- C1 first day in force
	effective_to   TEXT, -- C1 last day in force, none until the next row of the key
	value          TEXT NOT NULL, -- C1
	unit           TEXT NOT NULL, -- C1 what the value counts, a currency for its minor units
	source         TEXT NOT NULL, -- C1 the text that says so
	grade          TEXT NOT NULL, -- C1 how sure that is
	note           TEXT NOT NULL, -- C1
	added_at       BIGINT NOT NULL, -- C1
	CONSTRAINT rule_figure_pk PRIMARY KEY (key, effective_from),
	CONSTRAINT rule_figure_grade_known CHECK (grade IN ('A', 'B', 'C', 'K', 'U')),
	CONSTRAINT rule_figure_span_forward CHECK (effective_to IS NULL OR effective_to >= effective_from)
);
