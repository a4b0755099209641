-- What waits is found by its key: few rows are claimed at a time, and each event would pay for a second index.
DROP INDEX bus_outbox_waiting;
