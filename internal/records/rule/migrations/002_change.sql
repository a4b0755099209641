-- Who changed a figure, and who approved it; empty for what came with the program.
ALTER TABLE rule_figure ADD COLUMN changed_by TEXT NOT NULL DEFAULT ''; -- C1 staff
ALTER TABLE rule_figure ADD COLUMN approved_by TEXT NOT NULL DEFAULT ''; -- C1 staff, with commas between
ALTER TABLE rule_figure ADD COLUMN request TEXT NOT NULL DEFAULT ''; -- C1 that was approved
