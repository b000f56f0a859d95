import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    /// The real program under load, killed at random moments.
    @Suite(.timeLimit(.minutes(5 + RandomKills.rounds / 10)))
    struct RandomKillTests {
        @Test("Killed at random under load, the service and its workers lose nothing and do nothing twice")
        func random() async throws {
            let (seed, rounds) = (RandomKills.seed, RandomKills.rounds)
            print("random kills: MUSTER_KILL_SEED=\(seed) MUSTER_KILL_ROUNDS=\(rounds)")
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define(
                configs: """
                    [{workerManager: {launchConfigId: single}}, \
                    {workerManager: {launchConfigId: double, capacityPerInstance: 2}}]
                    """, max: 6)
            async let submitted = RandomLoad(seed: seed, batches: rounds * 2).submit(to: fleet)
            var killer = RandomKiller(seed: seed &+ 1)
            for _ in 0..<rounds { try await killer.strike(fleet) }
            let tasks = try await submitted
            // A worker that was let down several times in a row asks again after half a minute at the latest.
            try await fleet.untilIdle(tasks, within: .seconds(150))
            #expect(await fleet.stop() == .code(0))
            try await FleetInvariants.checkAfterRandomKills(fleet, tasks: tasks)
        }
    }
}

/// How long it goes on, and with which choices.
///
/// `MUSTER_KILL_SEED` repeats the choices of a run, which prints its seed; the moments at which these meet the
/// program's own are as they happen to be. `MUSTER_KILL_ROUNDS` makes it longer.
private enum RandomKills {
    static let rounds = number("MUSTER_KILL_ROUNDS").map(Int.init(clamping:)) ?? 20
    static let seed = number("MUSTER_KILL_SEED") ?? .random(in: 0...999_999)

    private static func number(_ variable: String) -> UInt64? {
        getenv(variable).flatMap { UInt64(String(cString: $0)) }
    }
}

/// Work of several tenants, in batches that come as they come.
private struct RandomLoad {
    let seed: UInt64
    let batches: Int

    /// Submits all of it, each batch until it is accepted; the names of the tasks.
    func submit(to fleet: MusterFleet) async throws -> Set<String> {
        var generator = SeededGenerator(seed: seed)
        var names: Set<String> = []
        for batch in 0..<batches {
            let tenant = ["red", "green", "blue"].randomElement(using: &generator) ?? "red"
            let seconds = Double.random(in: 0...0.5, using: &generator)
            let tasks = (0..<Int.random(in: 1...5, using: &generator)).map { "\(tenant)-\(batch)-\($0)" }
            try await waitUntil("the submission of a batch") {
                do {
                    try await fleet.submit(tasks, of: tenant, work: "sleep \(seconds)", retries: 20)
                    return true
                } catch {
                    // Nobody was there, or nobody knows whether it was heard: the same again.
                    return false
                }
            }
            names.formUnion(tasks)
            try await SystemClock().sleep(for: .milliseconds(Int64.random(in: 0...600, using: &generator)))
        }
        return names
    }
}

/// Kills the service, a worker, or both, whenever it likes.
private struct RandomKiller {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private enum Target: CaseIterable { case service, starting, worker, both }

    mutating func strike(_ fleet: MusterFleet) async throws {
        try await pause(1_500)
        let target = Target.allCases.randomElement(using: &generator) ?? .service
        if target == .worker || target == .both {
            let worker = try fleet.workerProcesses().randomElement(using: &generator)
            if let worker { kill(worker.pid, SIGKILL) }
        }
        guard target != .worker else { return }
        await fleet.stop(SIGKILL)
        try await StoreInvariants.check(fleet)
        try await pause(300)
        if target == .starting {
            // Killed again before it serves, or as soon as it does.
            let delay = Duration.milliseconds(Int64.random(in: 0...200, using: &generator))
            try await fleet.startToBeKilled(after: delay)
            try await StoreInvariants.check(fleet)
        }
        try await fleet.start()
    }

    private mutating func pause(_ longest: Int64) async throws {
        try await SystemClock().sleep(for: .milliseconds(Int64.random(in: 0...longest, using: &generator)))
    }
}
