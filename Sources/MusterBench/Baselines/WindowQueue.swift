/// A queue that takes turns by ranking everything in it: each user's tasks numbered, users by when they were last
/// served.
struct WindowQueue: Sendable {
    private let program: PgBench

    /// Makes a table with as many queued rows as tasks, spread over as many users as there are tenants.
    init(in place: PostgresSchemaPlace, rows: Int, users: Int, folder: String) async throws {
        program = try PgBench(on: place, in: folder)
        try await place.ask(
            """
            CREATE TABLE fair_jobs (id BIGINT PRIMARY KEY, state TEXT NOT NULL, payload JSONB NOT NULL,
                user_id BIGINT NOT NULL, created_at TIMESTAMPTZ NOT NULL, started_at TIMESTAMPTZ);
            INSERT INTO fair_jobs (id, state, payload, user_id, created_at)
                SELECT n, 'queued', jsonb_build_object('command', repeat('x', 80)), n % \(users),
                    now() + n * interval '1 microsecond'
                FROM generate_series(1, \(rows)) AS n;
            CREATE INDEX fair_jobs_user ON fair_jobs (user_id);
            CREATE INDEX fair_jobs_state ON fair_jobs (state);
            CREATE VIEW fair_order AS
                WITH users AS (
                    SELECT user_id, max(started_at) AS served_at FROM fair_jobs GROUP BY user_id
                ), ranked AS (
                    SELECT jobs.id, users.served_at,
                        rank() OVER (PARTITION BY jobs.user_id ORDER BY jobs.created_at, jobs.id) AS place
                    FROM fair_jobs AS jobs JOIN users USING (user_id) WHERE jobs.state = 'queued'
                )
                SELECT id, row_number() OVER (ORDER BY place, served_at NULLS FIRST) AS place FROM ranked;
            ANALYZE fair_jobs
            """)
        try await place.ask("VACUUM fair_jobs")
    }

    /// Claims some rows, one after another; the milliseconds of each, on average.
    func time(of count: Int) async throws -> Double {
        let rate = try await program.rate(
            of: """
                WITH candidates AS MATERIALIZED (SELECT id, place FROM fair_order ORDER BY place LIMIT 50),
                head AS (
                    SELECT jobs.id FROM fair_jobs AS jobs JOIN candidates USING (id)
                    WHERE jobs.state = 'queued' ORDER BY candidates.place
                    FOR UPDATE OF jobs SKIP LOCKED LIMIT 1
                )
                UPDATE fair_jobs SET state = 'running', started_at = now()
                WHERE id IN (SELECT id FROM head) RETURNING id, payload;
                """, clients: 1, times: count)
        return 1_000 / rate
    }
}
