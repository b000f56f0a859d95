import MusterClouds
import MusterCore
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

@Suite("Launch configs whose workers never come to work", .timeLimit(.minutes(1)))
struct SuspensionTests {
    private let standard = LaunchConfigID(rawValue: "standard")

    private func config(_ bench: EngineBench) async throws -> LaunchConfig {
        try #require(try await bench.store.read { try await $0.launchConfig(standard, of: EngineBench.pool) })
    }

    /// Launches as long as the launch config may, and lets every worker run into its deadline.
    private func fail(_ bench: EngineBench, rounds: Int) async throws {
        for _ in 0..<rounds {
            try await bench.pass()
            bench.clock.advance(by: .seconds(15 * 60))
            try await bench.look()
            for instance in bench.provider.living { bench.provider.change(instance.id, to: .gone) }
            try await bench.reconcile()
        }
    }

    @Test(
        "After so many in a row that ran and never registered nothing more is launched, until a person says so"
    )
    func neverRegister() async throws {
        let bench = try await EngineBench()
        try await bench.define(max: 2) { $0.suspendAfter = 4 }
        _ = try await bench.submit(9)
        try await fail(bench, rounds: 1)
        #expect(try await config(bench).suspension == nil)
        try await fail(bench, rounds: 6)
        let suspended = try await config(bench)
        #expect(suspended.suspension?.contains("4 workers in a row ran and never came to work") == true)
        #expect(suspended.suspension?.contains(StopReason.noRegistration) == true)
        let calls = bench.provider.calls.count
        try await fail(bench, rounds: 3)
        #expect(bench.provider.calls.count == calls)
        #expect(try await bench.plan()?.reasons.contains { $0.code == "suspended" } == true)
        let types = try await bench.events().map(\.type)
        #expect(types.filter { $0 == .launchConfigSuspended }.count == 1)
        #expect(types.filter { $0 == .poolSuspended }.count == 1)

        try await bench.control.resume(standard, of: EngineBench.pool, by: "Ada")
        #expect(try await config(bench).suspension == nil)
        try await bench.pass()
        #expect(bench.provider.calls.count == calls + 1)
        #expect(try await bench.workers().filter { $0.state == .requested }.count == 1)
        #expect(
            try await bench.events().last { $0.subject.hasPrefix("launch-config/") }?.type
                == .launchConfigResumed)
    }

    @Test("Where the provider keeps outputs, everything that tells of it says where the last worker's is")
    func output() async throws {
        let bench = try await EngineBench()
        bench.provider.keepOutputs(in: "/var/log/instances")
        try await bench.define(max: 2) { $0.suspendAfter = 2 }
        _ = try await bench.submit(9)
        try await fail(bench, rounds: 2)
        let reason = try #require(try await config(bench).suspension)
        let outputs = Set(bench.provider.calls.map(\.launchID)).flatMap { launch in
            (0..<2).map { "/var/log/instances/here/\(launch)-\($0)" }
        }
        let output = try #require(
            outputs.first { reason.hasSuffix("\(StopReason.noRegistration); its output is in \($0)") })
        let event = try await bench.events().first { $0.type == .launchConfigSuspended }
        #expect(event?.data["output"]?.value == .string(output))
        #expect(event?.data["reason"]?.value == .string(reason))
        let errors = try await bench.store.read {
            try await $0.rows("SELECT description FROM errors WHERE kind = 'registration-error'").map {
                try $0.text("description")
            }
        }
        #expect(errors.contains("\(StopReason.noRegistration); its output is in \(output)"))
        let doctor = Doctor(Patient(context: bench.context, sinks: [], loops: nil, files: nil))
        let pools = try await doctor.examine().findings.first { $0.name == "pools" }
        #expect(pools?.details.contains { $0.contains(output) } == true)
    }

    @Test("What a provider said of the end and names the output already is not said twice")
    func outputTwice() {
        #expect(SilentEnd("exit code 1; see /o", output: "/o").sentence == "exit code 1; see /o")
        #expect(SilentEnd("exit code 1", output: "/o").sentence == "exit code 1; its output is in /o")
        #expect(SilentEnd("exit code 1", output: nil).sentence == "exit code 1")
    }

    @Test("Workers that register and never ask for work are silent as well")
    func neverContact() async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 3, max: 3) { $0.suspendAfter = 3 }
        try await bench.pass()
        try await bench.registerAll()
        bench.clock.advance(by: .seconds(5 * 60))
        try await bench.look()
        #expect(try await config(bench).suspension?.contains(StopReason.noContact) == true)
    }

    @Test("One worker that comes to work begins the count anew")
    func heard() async throws {
        let bench = try await EngineBench()
        try await bench.define(max: 1) { $0.suspendAfter = 3 }
        _ = try await bench.submit(1)
        try await fail(bench, rounds: 2)
        #expect(try await config(bench).health.silentInARow == 2)
        bench.clock.advance(by: .seconds(120))
        try await bench.pass()
        let key = try #require(try await bench.registerAll().first)
        #expect(try await config(bench).health.silentInARow == 2, "registering is not working")
        bench.contacts.note(key)
        try await bench.contacts.write()
        #expect(try await config(bench).health.silentInARow == 0)
    }

    @Test("Instances that were never seen to run are not the image's fault, and 0 stands for never")
    func notSilent() async throws {
        let bench = try await EngineBench()
        try await bench.define(max: 1) { $0.suspendAfter = 0 }
        _ = try await bench.submit(1)
        try await fail(bench, rounds: 12)
        #expect(try await config(bench).suspension == nil)
        let other = try await EngineBench()
        try await other.define(max: 1) { $0.suspendAfter = 1 }
        other.provider.behave(.boots)
        _ = try await other.submit(1)
        try await other.pass()
        other.clock.advance(by: .seconds(5 * 60))
        try await other.look()
        let health = try await config(other).health
        #expect(health.failures >= 1 && health.silentInARow == 0)
    }

    @Test("A launch config that is new beside others begins with a tenth of what it replaces")
    func canary() async throws {
        let bench = try await EngineBench()
        try await bench.define(["old": 1], min: 30, max: 30)
        try await bench.pass()
        try await bench.registerAll()
        try await bench.define(["new": 1], min: 30, max: 90)
        func new() async throws -> LaunchConfig? {
            try await bench.store.read {
                try await $0.launchConfig(LaunchConfigID(rawValue: "new"), of: EngineBench.pool)
            }
        }
        #expect(try await new()?.health.allowance == 3)
        try await bench.pass()
        #expect(try await bench.workers().filter { $0.launchConfigID.rawValue == "new" }.count == 3)
        try await bench.pass()
        #expect(try await bench.workers().filter { $0.launchConfigID.rawValue == "new" }.count == 3)
        try await bench.registerAll()
        try await bench.pass()
        #expect(try await bench.workers().filter { $0.launchConfigID.rawValue == "new" }.count == 9)
    }

    @Test("Several that replace others together begin with a tenth together")
    func canaries() async throws {
        let bench = try await EngineBench()
        try await bench.define(["old": 1], min: 60, max: 60)
        try await bench.pass()
        try await bench.define(["one": 1, "two": 1, "three": 1], max: 60)
        let configs = try await bench.store.read { try await $0.launchConfigs(of: EngineBench.pool) }
        #expect(configs.filter { $0.archivedAt == nil }.map(\.health.allowance) == [2, 2, 2])
    }

    @Test("A canary's size can be set, and switched off")
    func canarySet() async throws {
        let bench = try await EngineBench()
        try await bench.define(min: 8, max: 8) { $0.launchConfigs[0].settings.canary = 2 }
        try await bench.pass()
        #expect(try await bench.workers().count == 2)
        let other = try await EngineBench()
        try await other.define(["old": 1], max: 8)
        try await other.define(["old": 1, "new": 1], min: 8, max: 8) {
            $0.launchConfigs[1].settings.canary = 0
        }
        try await other.pass()
        #expect(try await other.workers().count == 8)
    }
}
