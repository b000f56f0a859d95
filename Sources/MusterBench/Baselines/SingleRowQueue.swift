import MusterCore

/// A queue from which each claim takes one row in a transaction of its own, with nothing around it: neither
/// turns nor counters nor events, and nothing is ever finished.
protocol SingleRowQueue {
    /// Claims so many rows as quickly as can be; how many a second.
    func rate(of count: Int) async throws -> Double

    /// Makes sure that every claim took a row of its own.
    func check() async throws
}

/// The usual way on PostgreSQL: several connections, each passing over the rows that others are just taking.
final class PostgresSingleRowQueue: SingleRowQueue {
    private let place: PostgresSchemaPlace
    private let program: PgBench
    private var claimed = 0

    /// Makes a table with queued rows about as long as a task.
    init(in place: PostgresSchemaPlace, rows: Int, folder: String) async throws {
        self.place = place
        program = try PgBench(on: place, in: folder)
        try await place.ask(
            """
            CREATE TABLE jobs (id BIGINT PRIMARY KEY, state TEXT NOT NULL, payload JSONB NOT NULL,
                worker TEXT, started_at TIMESTAMPTZ, attempt INTEGER NOT NULL);
            INSERT INTO jobs (id, state, payload, attempt)
                SELECT n, 'queued', jsonb_build_object('command', repeat('x', 80)), 0
                FROM generate_series(1, \(rows)) AS n;
            CREATE INDEX jobs_queued ON jobs (id) WHERE state = 'queued';
            ANALYZE jobs
            """)
        try await place.ask("VACUUM jobs")
    }

    func rate(of count: Int) async throws -> Double {
        let clients = BenchPolicy.baselineClients
        let rate = try await program.rate(
            of: """
                UPDATE jobs SET state = 'running', started_at = now(), attempt = attempt + 1, worker = 'w'
                WHERE id = (SELECT id FROM jobs WHERE state = 'queued' ORDER BY id
                    FOR UPDATE SKIP LOCKED LIMIT 1)
                RETURNING id, payload;
                """, clients: clients, times: count / clients)
        claimed += count / clients * clients
        return rate
    }

    func check() async throws {
        let running = try await place.ask("SELECT count(*) FROM jobs WHERE state = 'running' AND attempt = 1")
        guard running == ["\(claimed)"] else {
            throw Problem(.internalError, "the baseline's queue ran empty or served a row twice")
        }
    }
}
