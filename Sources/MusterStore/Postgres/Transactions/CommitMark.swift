import MusterCore

/// How a session finds out whether a transaction took place whose answer did not come: each commit brings its
/// number along, in the transaction itself.
///
/// The server's own numbers of transactions would not do: those that it had not written to its disk when it died
/// are given again. Whoever asks holds the transaction's locks, so that it is over.
struct CommitMark {
    /// A commit on its way: its number, and what it tells of once it has taken place.
    struct Doubt {
        let number: Int64
        let signals: Set<StoreSignal>
    }

    /// The name of the session, nobody else's.
    private let session = String(UInt64.random(in: 0 ... .max), radix: 36)
    private var last: Int64 = 0

    /// The table of the marks, which is none of Muster's state.
    static let table = """
        CREATE TABLE commits (session TEXT COLLATE "C" PRIMARY KEY, number BIGINT NOT NULL,
            at TIMESTAMPTZ NOT NULL) WITH (fillfactor = 10, autovacuum_vacuum_cost_delay = 0)
        """

    /// The number of the next commit, and what writes it down.
    mutating func next() -> (number: Int64, commands: [PostgresCommand]) {
        let isFirst = last == 0
        last += 1
        let mark = PostgresCommand(
            """
            INSERT INTO commits (session, number, at) VALUES ($1, $2, now())
            ON CONFLICT (session) DO UPDATE SET number = excluded.number, at = excluded.at
            """, [session, last])
        return (last, isFirst ? [Self.sweep, mark] : [mark])
    }

    /// Sessions that have gone, by whoever comes new: nobody is in doubt for longer than a call takes.
    private static let sweep = PostgresCommand(
        """
        DELETE FROM commits WHERE session IN (
            SELECT session FROM commits WHERE at < now() - interval '1 day' LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """)

    /// Whether the commit of a number took place.
    func tookPlace(_ number: Int64, in transaction: PostgresReadTransaction) throws(Problem) -> Bool {
        let answer = try transaction.ask(
            PostgresCommand("SELECT 1 FROM commits WHERE session = $1 AND number = $2", [session, number]))
        return !answer.rows.isEmpty
    }
}
