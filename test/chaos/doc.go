// Package chaos breaks a running bank on purpose, and then counts the money.
//
// Real processes, as an operator runs them: `tongbao serve` on SQLite or on a PostgreSQL of the test's own, with
// everything durable. People pay each other over HTTP, with idempotency keys, and repeat what got no answer, as an app
// does. Meanwhile a node or the database is killed, or paused, or the wire between them is cut. Afterwards:
//
//   - `tongbao verify` holds: journals, balances, holds, audit log;
//   - every payment that was acknowledged is there, once, with its journal and its audit record;
//   - every one that was refused moved nothing, and nothing moved that nobody asked for;
//   - what got no answer is settled by repeating its key, and then says the same for ever;
//   - each party of each payment was told once: every event was delivered, and applied once;
//   - what people saw could have happened one payment after another (linearizability, by porcupine).
//
// All of it is drawn from one seed, which is printed: CHAOS_SEED=… go test ./test/chaos repeats the plan (who pays
// whom, what breaks, when); what the machine does in between is its own. CHAOS_ROUNDS sets how often each thing breaks.
// TONGBAO_TEST_LONG=1 (make chaos) runs every scenario for longer; without it three run, briefly.
package chaos
