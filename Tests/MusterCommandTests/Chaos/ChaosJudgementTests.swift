import MusterCore
import Testing

@testable import MusterTesting

@Suite("The judgement of a chaos run")
struct ChaosJudgementTests {
    private static let provider = ProviderID(rawValue: "cloud")
    private static let pool = PoolID(rawValue: "chaos/cloud")
    private static let config = LaunchConfigID(rawValue: "config")

    /// A launch of two, both of which stand and are known, and one that was refused.
    private static func good() -> (rows: FleetRows, facts: ChaosFacts) {
        var rows = FleetRows()
        rows.launches["l-1"] = launch("l-1", count: 2, obtained: 2, error: nil)
        rows.launches["l-2"] = launch("l-2", count: 1, obtained: 0, error: error("NoRoom"))
        rows.failures = [.init(launch: "l-2", label: "capacity", message: "no room")]
        rows.workers = [worker("a", of: "l-1"), worker("b", of: "l-1")]
        let facts = ChaosFacts(
            name: "cloud", made: [.init(name: "a", launch: "l-1"), .init(name: "b", launch: "l-1")],
            standing: ["zone/a", "zone/b"], ended: [], strangersStand: true, interrupted: [])
        return (rows, facts)
    }

    private static func error(_ code: String) -> CloudError {
        CloudError(.capacity(offering: "x"), cloudCode: code, message: "no room")
    }

    private static func launch(
        _ id: String, count: Int, obtained: Int?, error: CloudError?, isAbandoned: Bool = false
    ) -> Launch {
        let now = Timestamp(milliseconds: 0)
        var launch = Launch(
            id: LaunchID(rawValue: id), poolID: pool, launchConfigID: config, providerID: provider,
            count: count, capacityPerInstance: 1, body: "", epoch: 1, plannedAt: now)
        if isAbandoned {
            _ = launch.abandon(because: self.error("abandoned"), at: now)
        } else if let obtained {
            _ = launch.settle(obtained: obtained, error: error, at: now)
        }
        return launch
    }

    private static func worker(_ name: String, of launch: String, endedFor reason: String? = nil) -> Worker {
        let key = WorkerKey(
            poolID: pool, group: WorkerGroup(rawValue: "zone"), id: WorkerID(rawValue: name))
        let now = Timestamp(milliseconds: 0)
        var worker = Worker(
            key: key, launchConfigID: config, launchID: LaunchID(rawValue: launch), providerID: provider,
            instanceID: "zone/\(name)", capacity: 1, requestedAt: now)
        if let reason { _ = worker.gone(at: now, because: reason) }
        return worker
    }

    private func violations(
        _ change: (inout FleetRows, inout ChaosFacts) -> Void = { _, _ in }
    ) -> [String] {
        var (rows, facts) = Self.good()
        change(&rows, &facts)
        return ChaosJudgement(rows, facts).violations
    }

    @Test("finds nothing where all is well")
    func good() {
        #expect(violations() == [])
        #expect(
            violations { rows, facts in
                facts.standing = ["zone/a"]
                rows.workers[1] = Self.worker("b", of: "l-1", endedFor: StopReason.idle)
            } == [])
        #expect(
            violations { rows, facts in
                facts.standing = ["zone/a"]
                facts.ended = ["zone/b"]
                rows.workers[1] = Self.worker("b", of: "l-1", endedFor: StopReason.missing)
            } == [])
        #expect(
            violations { rows, facts in
                facts.standing = ["zone/a"]
                rows.workers.removeLast()
                rows.endedUnknown["cloud"] = ["zone/b"]
            } == [])
    }

    private typealias Change = @Sendable (inout FleetRows, inout ChaosFacts) -> Void

    private static let flaws: [(words: String, change: Change)] = [
        ("stands and has no worker", { rows, _ in rows.workers.removeLast() }),
        ("does not stand", { _, facts in facts.standing = ["zone/a"] }),
        (
            "nothing is written of it",
            { rows, facts in
                facts.standing = ["zone/a"]
                rows.workers.removeLast()
            }
        ),
        (
            "ended because of its instance is gone",
            { rows, facts in
                facts.standing = ["zone/a"]
                rows.workers[1] = worker("b", of: "l-1", endedFor: StopReason.missing)
            }
        ),
        ("made 2 times", { _, facts in facts.made[0].times = 2 }),
        (
            "asked for 1 and made 2",
            { rows, _ in rows.launches["l-1"] = launch("l-1", count: 1, obtained: 1, error: nil) }
        ),
        ("nobody knows the launch", { rows, _ in rows.launches["l-1"] = nil }),
        ("was never made", { _, facts in facts.made.removeLast() }),
        (
            "is open",
            { rows, _ in rows.launches["l-3"] = launch("l-3", count: 1, obtained: nil, error: nil) }
        ),
        (
            "was given up",
            { rows, _ in
                rows.launches["l-3"] = launch(
                    "l-3", count: 1, obtained: nil, error: nil, isAbandoned: true)
            }
        ),
        (
            "no cloud says why",
            { rows, _ in
                rows.launches["l-2"] = launch("l-2", count: 1, obtained: 0, error: error("missing"))
            }
        ),
        (
            "without a reason",
            { rows, _ in rows.launches["l-2"] = launch("l-2", count: 1, obtained: 0, error: nil) }
        ),
        ("nobody knows why", { rows, _ in rows.failures[0].label = "unknown" }),
        ("a stranger's was touched", { _, facts in facts.strangersStand = false }),
    ]

    @Test("finds each thing that should not be", arguments: flaws.map(\.words))
    func bad(words: String) throws {
        let flaw = try #require(Self.flaws.first { $0.words == words })
        #expect(violations(flaw.change).contains { $0.contains(words) })
    }

    @Test("lets a launch that a kill interrupted say less, but not give more")
    func interrupted() {
        let found = violations { rows, facts in
            facts.interrupted = ["l-2", "l-3"]
            rows.launches["l-2"] = Self.launch("l-2", count: 1, obtained: 0, error: Self.error("interrupted"))
            rows.launches["l-3"] = Self.launch("l-3", count: 1, obtained: nil, error: nil, isAbandoned: true)
        }
        #expect(found == [])
        let others = violations { rows, facts in
            facts.interrupted = ["l-3"]
            rows.launches["l-2"] = Self.launch("l-2", count: 1, obtained: 0, error: Self.error("interrupted"))
            rows.launches["l-3"] = Self.launch("l-3", count: 1, obtained: 0, error: Self.error("missing"))
        }
        #expect(others.count { $0.contains("no cloud says why") } == 2)
        let more = violations { _, facts in
            facts.interrupted = ["l-2"]
            facts.made.append(contentsOf: [
                .init(name: "c", launch: "l-2"), .init(name: "d", launch: "l-2"),
            ])
        }
        #expect(more.contains { $0.contains("asked for 1 and made 2") })
    }
}
