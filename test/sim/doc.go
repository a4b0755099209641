// Package sim lives through random bank days and compares every step with a small model of a bank.
//
// The rooms are the real ones (payment, deposit, ledger, limits, rules, audit, keys) on SQLite; the clock, the people
// and chance belong to the simulation. People pay, at once or later, cancel, stop and resume accounts, close and open
// them; staff freeze, thaw, reverse, and look at what is held; the day rolls. At every call of the database a connection
// may be lost: before a statement, before a commit, or after it, when the act is done and nobody learns so. Whoever gets
// no answer repeats: payments with their key. Events leave the outbox late, out of order, and some of them come again.
//
// The model (model_test.go) knows in a few lines what an account holds, what is held, which limits are used. What the
// bank accepts the model must allow, and for what it refuses the model must know the reason. After each step all
// balances, holds, limits and states must be those of the model, and now and then the books are verified.
//
// Everything follows from one seed, which is printed when a day goes wrong: SIM_SEED=… go test ./test/sim lives the same
// day again. SIM_SECONDS sets how long new days are drawn.
package sim
