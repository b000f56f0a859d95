import Glibc
import MusterCore
import MusterRuntime
import MusterTesting

@testable import MusterCommand

/// Several real services on one PostgreSQL database, with one ledger, one folder of instances and one file of
/// events.
struct Replicas: Sendable {
    let fleets: [MusterFleet]
    private let variables: [String: String]

    /// Starts so many; the first makes the master key, which the others get from their environment.
    init(_ count: Int, clocksAhead offsets: [Int: String] = [:]) async throws {
        let first = try await MusterFleet(on: .postgres)
        try await first.start()
        let key = try TextFile.read(first.setup.masterKey, limit: 4_096)
        variables = ["MUSTER_MASTER_KEY": String(decoding: key, as: UTF8.self)]
        var fleets = [first]
        for index in 1..<count {
            let next = try await MusterFleet(beside: first, on: .postgres)
            if let offset = offsets[index] {
                try DurableFile.write(Array(offset.utf8), to: next.clockOffset, mode: 0o644)
            }
            fleets.append(next)
        }
        self.fleets = fleets
        for index in 1..<count { try await start(index) }
    }

    var first: MusterFleet { fleets[0] }

    func start(_ index: Int) async throws { try await fleets[index].start(environment: variables) }

    func stop() async { for fleet in fleets { await fleet.stop() } }

    /// Which of them works on a pool; nil while nobody does.
    func holder(of pool: PoolID = MusterFleet.pool) async throws -> Int? {
        let pids = try await query(
            """
            SELECT pid FROM leases JOIN replicas ON id = holder
            WHERE leases.name = 'pool:\(pool)' AND expires_at > extract(epoch FROM now()) * 1000
            """)
        return fleets.firstIndex { fleet in fleet.pid.map { pids == ["\($0)"] } ?? false }
    }

    /// The first column of what the database answers.
    @discardableResult
    func query(_ sql: String) async throws -> [String] {
        guard let url = first.shared?.url else { throw Problem(.unavailable, "nothing is shared") }
        return try await PostgresQuestion.ask(sql, in: url)
    }

    /// Submits to any of them until one has taken it.
    func submit(
        _ names: [String], of tenant: String, work: String, limits: [LimitName],
        using generator: inout SeededGenerator
    ) async throws {
        var choices = generator
        try await waitUntil("the submission of a batch") {
            let fleet = fleets.randomElement(using: &choices) ?? first
            do {
                try await fleet.submit(names, of: tenant, work: work, retries: 20, limits: limits)
                return true
            } catch {
                // Nobody was there, or nobody knows whether it was heard: the same again.
                return false
            }
        }
        generator = choices
    }
}
