import Glibc
import MusterRuntime
import Testing

@testable import MusterCommand

/// The real program, killed at every durable step there is and started again.
///
/// Three rows side by side: most of the time the machine waits for a deadline of somebody's.
@Suite struct KillMatrix {
    @Suite(.serialized, .timeLimit(.minutes(3))) struct Row1 {
        @Test(
            "Killed at a durable step, a restart loses nothing, doubles nothing and leaves nothing",
            arguments: KillMatrix.row(0))
        func killed(in place: KillPlace) async throws { try await KillMatrix.kill(in: place) }
    }

    @Suite(.serialized, .timeLimit(.minutes(3))) struct Row2 {
        @Test(
            "Killed at a durable step, a restart loses nothing, doubles nothing and leaves nothing",
            arguments: KillMatrix.row(1))
        func killed(in place: KillPlace) async throws { try await KillMatrix.kill(in: place) }
    }

    @Suite(.serialized, .timeLimit(.minutes(3))) struct Row3 {
        @Test(
            "Killed at a durable step, a restart loses nothing, doubles nothing and leaves nothing",
            arguments: KillMatrix.row(2))
        func killed(in place: KillPlace) async throws { try await KillMatrix.kill(in: place) }
    }

    private static let rows = 3

    @Test("Every fault point is killed at, each place in exactly one row")
    func complete() {
        let all = (0..<Self.rows).flatMap(Self.row)
        #expect(Set(all.map(\.point)) == Set(FaultPoint.allCases).subtracting(KillPlace.elsewhere))
        #expect(all.count == KillPlace.all.count && Set(all) == Set(KillPlace.all))
    }

    fileprivate static func row(_ number: Int) -> [KillPlace] {
        KillPlace.all.enumerated().filter { $0.offset % rows == number }.map(\.element)
    }

    fileprivate static func kill(in place: KillPlace) async throws {
        let scenario = place.point.scenario
        let fleet = try await MusterFleet(scenario.settings, reconcile: scenario.reconcile)
        try await scenario.prepare(fleet)
        for _ in 0..<scenario.deaths {
            try await fleet.die(at: place, words: scenario.words, scenario.provoke)
            try await StoreInvariants.check(fleet)
        }
        if scenario.isRepeatable {
            try await fleet.recoverOrDie(at: place, scenario.recover)
            try await StoreInvariants.check(fleet)
        }
        try await fleet.start()
        try await scenario.recover(fleet)
        #expect(await fleet.stop() == .code(0))
        try await FleetInvariants.check(fleet, scenario.outcome)
    }
}
