-- Beside his account of class I a person may have one in each further currency that the bank offers.
DROP INDEX deposit_account_class_1_ux;
CREATE UNIQUE INDEX deposit_account_class_1_ux ON deposit_account (customer, currency) WHERE class = 1 AND state = 'open';
