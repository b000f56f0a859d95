import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("What people order about launch configs")
struct LaunchConfigOrderTests {
    private static let big = LaunchConfigID(rawValue: "big")
    private static let small = LaunchConfigID(rawValue: "small")

    /// A pool with two launch configs, of which `big` is paused.
    private func paused(until time: Duration? = nil) async throws -> EngineBench {
        let bench = try await EngineBench()
        try await bench.define(["small": 1, "big": 1])
        let pause = Pause(until: time.map { bench.clock.now() + $0 }, reason: "bad image")
        try await bench.control.pause(Self.big, of: EngineBench.pool, pause, by: "Ada")
        return bench
    }

    private func config(_ bench: EngineBench, _ id: LaunchConfigID = big) async throws -> LaunchConfig? {
        try await bench.store.read { try await $0.launchConfig(id, of: EngineBench.pool) }
    }

    @Test("A pause and its end are written, published and audited once each, and nothing else changes")
    func once() async throws {
        let bench = try await EngineBench()
        try await bench.define(["small": 1, "big": 1])
        let before = try await config(bench)
        let pause = Pause(until: bench.clock.now() + .seconds(60), reason: "bad image")
        for _ in 0..<2 {
            try await bench.control.pause(Self.big, of: EngineBench.pool, pause, by: "Ada")
            var expected = before
            expected?.pause = pause
            #expect(try await config(bench) == expected)
        }
        for _ in 0..<2 { try await bench.control.resume(Self.big, of: EngineBench.pool, by: "Bob") }
        #expect(try await config(bench) == before)
        let events = try await bench.events().suffix(2)
        #expect(events.map(\.type) == [.launchConfigPaused, .launchConfigResumed])
        #expect(events.first?.subject == "launch-config/demo/build/big")
        #expect(events.first?.data["reason"]?.value == .string("bad image"))
        let audit = try await bench.audit().dropFirst()
        #expect(
            audit.map { "\($0.actor) \($0.action) \($0.subject)" } == [
                "Ada pause launch-config/demo/build/big", "Bob resume launch-config/demo/build/big",
            ])
        #expect(
            audit.first?.detail == #"{"reason":"bad image","until":"\#(pause.until?.description ?? "")"}"#)
    }

    @Test("The others take the part of one that is paused, and the plan says until when")
    func others() async throws {
        let bench = try await paused(until: .seconds(60))
        _ = try await bench.submit(4)
        try await bench.pass()
        #expect(try await bench.workers().map(\.launchConfigID) == Array(repeating: Self.small, count: 4))
        let weight = try #require(try await bench.plan()?.weights["big"])
        #expect(weight.reason == "paused" && weight.until == bench.clock.now() + .seconds(60))
        #expect(try await bench.plan()?.weights["small"]?.until == nil)
    }

    @Test("A definition that is applied keeps a pause, also of one that is taken back from the archive")
    func applied() async throws {
        let bench = try await paused()
        try await bench.define(["big": 7, "small": 1])
        #expect(try await config(bench)?.pause == Pause(reason: "bad image"))
        #expect(try await config(bench)?.definition.settings.capacityPerInstance == 7)
        try await bench.define(["small": 1])
        try await bench.define(["small": 1, "big": 1])
        #expect(try await config(bench)?.pause == Pause(reason: "bad image"))
        #expect(try await config(bench)?.archivedAt == nil)
    }

    @Test("A pause that comes to its end is waited for, taken away by a pass, and said to have ended")
    func end() async throws {
        let bench = try await paused(until: .seconds(60))
        try await bench.control.pause(Self.small, of: EngineBench.pool, Pause(), by: "Ada")
        _ = try await bench.submit(1)
        let pass = PoolPass(EngineBench.pool, in: bench.context, launcher: bench.launcher)
        #expect(try await bench.pass(pass) == bench.clock.now() + .seconds(60))
        #expect(try await bench.workers().isEmpty)
        bench.clock.advance(by: .seconds(60))
        try await bench.pass(pass)
        #expect(try await bench.workers().map(\.launchConfigID) == [Self.big])
        #expect(try await config(bench)?.pause == nil)
        #expect(try await config(bench, Self.small)?.pause != nil)
        let resumed = try await bench.events().filter { $0.type == .launchConfigResumed }
        #expect(resumed.map { $0.data["reason"]?.value } == [.string("the pause has ended")])
        // Nobody ordered it.
        #expect(try await bench.audit().allSatisfy { $0.action != "resume" })
        try await bench.pass(pass)
        #expect(try await bench.events().filter { $0.type == .launchConfigResumed }.count == 1)
    }

    @Test("Orders about one that is not there, or that cannot launch any more, are refused")
    func refused() async throws {
        let bench = try await paused()
        let none = LaunchConfigID(rawValue: "none")
        try await bench.define(["small": 1])
        let before = try await bench.everything()
        let strange = PoolID(rawValue: "no/pool")
        for (id, pool, code) in [
            (none, EngineBench.pool, .launchConfigNotFound), (Self.small, strange, .launchConfigNotFound),
            (Self.big, EngineBench.pool, .conflict),
        ] as [(LaunchConfigID, PoolID, ProblemCode)] {
            let problem = await #expect(throws: Problem.self) {
                try await bench.control.pause(id, of: pool, Pause(), by: "Ada")
            }
            #expect(problem?.code == code)
        }
        let problem = await #expect(throws: Problem.self) {
            try await bench.control.resume(none, of: EngineBench.pool, by: "Ada")
        }
        #expect(problem?.code == .launchConfigNotFound)
        #expect(try await bench.everything() == before)
    }
}
