import Testing

@testable import MusterCore

@Suite("A worker's states")
struct WorkerStateMachineTests {
    /// What an event does in each situation: `-` for nothing, `noted`, or the event that it publishes, with
    /// the bucket in which the worker is then if that has another name.
    struct Line: CustomTestStringConvertible {
        let name: String
        let event: @Sendable (inout Worker) -> Worker.Effect
        let effects: String
        var testDescription: String { name }

        init(_ name: String, _ effects: String, _ event: @escaping @Sendable (inout Worker) -> Worker.Effect)
        {
            self.name = name
            self.effects = effects
            self.event = event
        }
    }

    private static let later = noon + .seconds(60)

    // In the order of `Situation`:
    // requested drainedEarly running busy suspected quarantined draining stopping overdue stopped
    static let lines = [
        Line("see", "noted noted noted noted noted noted noted noted noted -") { $0.see(startedAt: noon) },
        Line("miss", "noted noted noted noted noted noted noted noted noted -") { $0.miss(at: noon) },
        Line("register", "running running/draining - - - - - - - -") {
            $0.register(at: later, nonce: "m", expiresAt: later)
        },
        Line("useCredentials", "noted noted noted noted noted noted noted noted noted -") {
            $0.useCredentials(at: later)
        },
        Line("contact", "noted noted noted noted trusted/running noted noted noted noted -") {
            $0.contact(at: later)
        },
        Line("suspect", "- - suspected - - suspected/quarantined suspected/draining - - -") {
            $0.suspect(at: later)
        },
        Line("drain", "draining - draining draining draining draining - - - -") {
            $0.drain(because: "lifetime")
        },
        Line("retire", "stopping stopping stopping stopping stopping stopping stopping - - -") {
            $0.retire(because: "idle", at: later)
        },
        Line("terminationSent", "- - - - - - - noted noted -") { $0.terminationSent(at: later) },
        Line("becomeOverdue", "- - - - - - - overdue - -") { $0.becomeOverdue() },
        Line("gone", "stopped stopped stopped stopped stopped stopped stopped stopped stopped -") {
            $0.gone(at: later, because: "exit code 1")
        },
    ]

    @Test("Every event in every state does what the diagram says, or nothing at all", arguments: lines)
    func table(line: Line) throws {
        let effects = line.effects.split(separator: " ").map(String.init)
        try #require(effects.count == Situation.allCases.count)
        for (situation, expected) in zip(Situation.allCases, effects) {
            let before = situation.worker
            #expect(before.bucket == situation.bucket, "\(situation)")
            var worker = before
            let effect = line.event(&worker)
            switch expected {
            case "-":
                #expect(effect == .none && worker == before, "\(line.name) when \(situation)")
            case "noted":
                #expect(effect == .noted && worker != before, "\(line.name) when \(situation)")
                #expect(worker.bucket == before.bucket, "\(line.name) when \(situation)")
            default:
                let parts = expected.split(separator: "/").map(String.init)
                let type = try #require(EventType(rawValue: "dev.muster.worker.\(parts[0])"))
                #expect(effect == .became(type), "\(line.name) when \(situation)")
                #expect(worker.bucket.rawValue == parts.last, "\(line.name) when \(situation)")
            }
        }
    }

    @Test("What an event says of itself is kept")
    func kept() {
        var worker = Situation.requested.worker
        _ = worker.see(startedAt: noon + .seconds(1))
        #expect(worker.see(startedAt: noon + .seconds(9)) == .none)
        #expect(worker.startedAt == noon + .seconds(1))
        _ = worker.register(at: noon + .seconds(2), nonce: "n", expiresAt: noon + .seconds(90))
        #expect(worker.registeredAt == noon + .seconds(2) && worker.idleSince == noon + .seconds(2))
        #expect(worker.nonce == "n" && worker.expiresAt == noon + .seconds(90))
        _ = worker.useCredentials(at: noon + .seconds(3))
        #expect(worker.useCredentials(at: noon + .seconds(4)) == .none)
        #expect(worker.credentialsUsedAt == noon + .seconds(3))
        _ = worker.retire(because: "idle", at: noon + .seconds(5))
        _ = worker.terminationSent(at: noon + .seconds(6))
        _ = worker.gone(at: noon + .seconds(7), because: "exit code 0")
        #expect(worker.stoppingAt == noon + .seconds(5) && worker.terminationSentAt == noon + .seconds(6))
        // Why it was ended says more than how it went.
        #expect(worker.stopReason == "idle" && worker.stoppedAt == noon + .seconds(7))
        var crashed = Situation.busy.worker
        _ = crashed.gone(at: noon, because: "signal 9")
        #expect(crashed.stopReason == "signal 9")
    }

    @Test("Contacts that arrive out of order do not set the last one back")
    func contacts() {
        var worker = Situation.running.worker
        _ = worker.contact(at: noon + .seconds(9))
        _ = worker.contact(at: noon + .seconds(4))
        #expect(worker.contactedAt == noon + .seconds(9))
    }

    @Test("It is missed since the first listing in a row that lacks it")
    func misses() {
        var worker = Situation.running.worker
        _ = worker.miss(at: noon)
        _ = worker.see(startedAt: noon)
        #expect(worker.missedSince == nil)
        _ = worker.miss(at: noon + .seconds(1))
        _ = worker.miss(at: noon + .seconds(2))
        #expect(worker.missedSince == noon + .seconds(1))
    }

    @Test("Draining comes before quarantined, that before suspected, and that before running")
    func precedence() {
        for flags in 0..<8 {
            var worker = Situation.running.worker
            if flags & 1 != 0 { worker.suspectedAt = noon }
            if flags & 2 != 0 { worker.quarantinedUntil = noon }
            if flags & 4 != 0 { worker.drain = "archived" }
            let expected: Bucket =
                flags & 4 != 0
                ? .draining : flags & 2 != 0 ? .quarantined : flags & 1 != 0 ? .suspected : .running
            #expect(worker.bucket == expected, "\(flags)")
            // A suspected worker that asks is there after all; the others must not get work.
            #expect(worker.takesWork == (flags & 6 == 0), "\(flags)")
            for situation in [Situation.stopping, .overdue, .stopped] {
                var ending = situation.worker
                (ending.suspectedAt, ending.quarantinedUntil, ending.drain) =
                    (worker.suspectedAt, worker.quarantinedUntil, worker.drain)
                #expect(ending.bucket == situation.bucket && !ending.takesWork, "\(situation) \(flags)")
            }
        }
        #expect(!Situation.requested.worker.takesWork)
    }
}
