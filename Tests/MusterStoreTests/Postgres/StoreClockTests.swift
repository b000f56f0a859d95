import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

@Suite struct StoreClockTests {
    @Test("Machines whose clocks are an hour apart have one time")
    func oneTime() async throws {
        try await PostgresDatabase.run { database in
            let late = ManualUptime(offset: .seconds(-3_600))
            let other = try await PostgresStore.open(PostgresAddress(database.address), machine: late)
            let apart = other.clock.now() - database.store.clock.now()
            #expect(apart < .seconds(1) && apart > .seconds(-1))
            let server = try await database.store.write(in: .store) { try await $0.now() }
            let away = server - database.store.clock.now()
            #expect(away < .seconds(1) && away > .seconds(-1))
            await other.close()
        }
    }

    @Test("The clock goes on between two readings, and does not jump for what is only the way to the server")
    func goesOn() {
        let machine = ManualClock()
        let clock = StoreClock(machine)
        let start = Timestamp(milliseconds: 1_000_000)
        clock.learn(start, between: machine.uptime(), and: machine.uptime())
        #expect(clock.now() == start)
        machine.advance(by: .seconds(10))
        machine.set(by: .seconds(3_600))
        #expect(clock.now() == start + .seconds(10))
        // It was asked ten milliseconds ago, and may have answered at any moment since.
        clock.learn(
            start + .seconds(10), between: machine.uptime() - .milliseconds(10), and: machine.uptime())
        #expect(clock.now() == start + .seconds(10))
        clock.learn(
            start + .seconds(70), between: machine.uptime() - .milliseconds(10), and: machine.uptime())
        #expect(clock.now() == start + .seconds(70) + .milliseconds(5))
    }
}

/// The machine's clock, set wrongly.
private struct ManualUptime: WallClock {
    let offset: Duration
    private let machine = SystemClock()

    init(offset: Duration) { self.offset = offset }

    func now() -> Timestamp { machine.now() + offset }
    func uptime() -> Duration { machine.uptime() }
    func sleep(for duration: Duration) async throws { try await machine.sleep(for: duration) }
}
