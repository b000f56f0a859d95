import MusterRuntime
import MusterTesting
import Testing

@testable import MusterBench

@Suite("pgbench")
struct PgBenchTests {
    private static let output = """
        transaction type: /tmp/script.sql
        scaling factor: 1
        query mode: prepared
        number of clients: 8
        number of transactions per client: 400
        number of transactions actually processed: 3200/3200
        number of failed transactions: 0 (0.000%)
        latency average = 1.607 ms
        initial connection time = 12.345 ms
        tps = 4978.301554 (without initial connection time)
        """

    @Test("says how many transactions a second there were, the time for connecting aside")
    func rate() {
        #expect(PgBench.rate(in: Self.output, of: 3_200) == 4_978.301_554)
    }

    @Test("is not believed when it did less than it should, or says nothing")
    func incomplete() {
        #expect(PgBench.rate(in: Self.output, of: 3_201) == nil)
        #expect(PgBench.rate(in: "", of: 0) == nil)
        let aborted = Self.output.replacing("3200/3200", with: "3100/3200")
        #expect(PgBench.rate(in: aborted, of: 3_200) == nil)
    }

    @Test("claims as many single rows as it is asked for, each once, and the first of a ranked queue")
    func queues() async throws {
        let folder = try TemporaryFolder()
        let database = try await PostgresServer.shared.value.emptyDatabase()
        let ground = PostgresGround(given: database, folder: folder.path)
        let place = try await ground.schema()
        let single = try await PostgresSingleRowQueue(in: place, rows: 200, folder: folder.path)
        #expect(try await single.rate(of: 80) > 0)
        try await single.check()
        try await place.ask("UPDATE jobs SET state = 'queued' WHERE id = 1")
        await #expect(throws: (any Error).self) { try await single.check() }

        let window = try await WindowQueue(in: place, rows: 40, users: 4, folder: folder.path)
        #expect(try await window.time(of: 8) > 0)
        // Two turns each, in the order of their tasks.
        let turns = "SELECT user_id FROM fair_jobs WHERE state = 'running' GROUP BY 1 HAVING count(*) = 2"
        #expect(try await place.ask(turns).count == 4)
        #expect(try await place.ask("SELECT max(id) FROM fair_jobs WHERE state = 'running'") == ["8"])
        await ground.close()
        let schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'muster_bench%'"
        #expect(try await PostgresQuestion.ask(schemas, in: database).isEmpty)
    }
}
