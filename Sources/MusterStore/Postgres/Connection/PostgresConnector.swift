import MusterCore
import MusterRuntime

/// Makes connections, again and again while the server is away.
struct PostgresConnector: Sendable {
    let address: PostgresAddress
    let clock: any WallClock
    private let chance: Locked<any RandomNumberGenerator & Sendable>

    init(
        _ address: PostgresAddress, clock: any WallClock,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.address = address
        self.clock = clock
        chance = Locked(generator)
    }

    /// A connection.
    func open(
        for use: PostgresConnection.Use = .work
    ) throws(PostgresFailure) -> PostgresConnection {
        try PostgresConnection.open(address, clock: clock, for: use)
    }

    /// How long to rest before attempt `number`, counted from 1: twice as long each time, and never as long as
    /// others do.
    func restTime(before number: Int) -> Duration {
        let longest = min(
            StorePolicy.postgresFirstRest * (1 << min(number - 1, 10)), StorePolicy.postgresLongestRest)
        return longest * chance.withLock { Double.random(in: 0.5...1, using: &$0) }
    }

    /// Rests before attempt `number`.
    func rest(before number: Int) async throws(Problem) {
        do {
            try await clock.sleep(for: restTime(before: number))
        } catch {
            throw Problem(.cancelled, "the wait for the database was given up")
        }
    }
}
