// MusterStore: the only truth.
//
// `Interface/` is what everybody sees: transactions over SQL that every engine understands. `SQLite/` is
// the embedded engine, `Schema/` the migrations that all engines run, `Rows/` how values become rows, and
// `Queue/` what a claim means in rows. Nothing here decides how many workers there should be, and nothing
// outside of `SQLite/` knows that SQLite exists.
