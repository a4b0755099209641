-- Settlement walks the accounts in their order: on its day nearly all are due, and on others one walk finds none. An index
-- by day would be read whole for each slice, and written with each settlement.
DROP INDEX deposit_position_settle_ix;
