import Glibc
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

/// What must hold when everything has come to its end, however often the service has died before.
struct FleetInvariants {
    private let fleet: MusterFleet
    private let outcome: KillScenario.Outcome
    private let events: EventFile
    private let history: [String: [EventType: Int]]

    /// Checks a fleet whose service has been stopped.
    static func check(_ fleet: MusterFleet, _ outcome: KillScenario.Outcome) async throws {
        try await StoreInvariants.check(fleet)
        let invariants = FleetInvariants(
            fleet, outcome, try EventFile(path: fleet.folder.path + "/events.jsonl"))
        try await invariants.everyEventIsDelivered()
        invariants.everySubjectLivesOnce()
        try await invariants.noTaskIsLostOrDoneTwice()
        try await invariants.noInstanceIsUnknownOrLeft()
        try await invariants.noLaunchIsDoubled()
    }

    /// Checks a fleet whose service and workers were killed at random: a task may have begun more than once,
    /// since its worker died over it, but only one of its runs is its end.
    static func checkAfterRandomKills(_ fleet: MusterFleet, tasks: Set<String>) async throws {
        let runs = try await fleet.database { file in
            try await file.read {
                try await $0.rows("SELECT task_id, run_id, resolution, reason, exit_code FROM runs")
            }
        }
        var completed: [String: Int] = [:]
        var begun: Set<String> = []
        for run in runs {
            let (task, number) = (try run.text("task_id"), try run.int("run_id"))
            begun.insert("\(task) \(number)")
            guard try run.text("resolution") == "completed" else { continue }
            #expect(completed.updateValue(number, forKey: task) == nil, "\(task) was completed twice")
        }
        let unfinished = tasks.subtracting(completed.keys)
        let ends = try runs.filter { unfinished.contains(try $0.text("task_id")) }
        #expect(Set(completed.keys) == tasks, "\(ends)")
        let ledger = fleet.ledger()
        #expect(ledger.count == Set(ledger).count, "a run did its work twice")
        #expect(begun.isSuperset(of: ledger), "a run did its work that nobody knows of")
        #expect(Set(ledger).isSuperset(of: completed.map { "\($0.key) \($0.value)" }))
        try await check(
            fleet, KillScenario.Outcome(completed: completed, ledger: ledger, instances: 1...(.max)))
    }

    private init(_ fleet: MusterFleet, _ outcome: KillScenario.Outcome, _ events: EventFile) {
        self.fleet = fleet
        self.outcome = outcome
        self.events = events
        history = events.history()
    }

    /// At least once, and at first in the order of commits: that is more than the order per subject.
    private func everyEventIsDelivered() async throws {
        let delivered = events.firstDeliveries
        let count = try await fleet.database { try await $0.lastPosition() }
        let (stored, cursor) = try await fleet.database { file in
            try await file.read { transaction in
                (
                    try await transaction.events(after: 0, limit: 1_000_000),
                    try await transaction.row("SELECT position FROM sink_cursors")?.int("position")
                )
            }
        }
        let positions = delivered.map(\.position)
        switch StoreEngine.chosen {
        case .sqlite: #expect(positions == Array(1...max(1, count)), "events are lost or out of order")
        // A transaction that failed over giving positions leaves some out.
        case .postgres: #expect(positions == positions.sorted(), "events are out of order")
        }
        #expect(cursor == positions.last && cursor == count)
        #expect(Set(events.lines).count == delivered.count, "a repeat differs from its first delivery")
        let byPosition = Dictionary(
            delivered.map { ($0.position, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in stored {
            let line = byPosition[Int(entry.position)]
            #expect(line?.type == entry.event.type.rawValue && line?.subject == entry.event.subject)
        }
        if !outcome.isSwept { #expect(stored.count == delivered.count) }
        for (type, count) in outcome.events { #expect(events.subjects(of: type).count == count, "\(type)") }
    }

    /// No step of anything's life has been taken twice.
    private func everySubjectLivesOnce() {
        for (subject, counts) in history {
            func count(_ types: EventType...) -> Int { types.map { counts[$0] ?? 0 }.reduce(0, +) }
            switch subject.split(separator: "/").first {
            case "launch":
                #expect(count(.launchPlanned) == 1, "\(subject)")
                #expect(count(.launchSettled, .launchAbandoned) == 1, "\(subject)")
            case "worker":
                #expect(count(.workerRequested) == outcome.requestsOfEach, "\(subject)")
                #expect(count(.workerRunning) <= 1, "\(subject)")
                #expect(count(.workerStopping) <= 1, "\(subject)")
                #expect(count(.workerStopped) == 1, "\(subject)")
            case "task":
                #expect(count(.taskSubmitted) == 1, "\(subject)")
                #expect(count(.taskCompleted, .taskFailed, .taskException) == 1, "\(subject)")
                let ended = count(.taskRetried, .taskCompleted, .taskFailed)
                #expect(count(.taskClaimed) == ended, "\(subject)")
            default: break
            }
        }
    }

    private func noTaskIsLostOrDoneTwice() async throws {
        let submitted = Set(events.subjects(of: .taskSubmitted).map { String($0.dropFirst("task/".count)) })
        #expect(submitted == Set(outcome.completed.keys).union(outcome.withdrawn))
        let completed = events.subjects(of: .taskCompleted).map { String($0.dropFirst("task/".count)) }
        #expect(completed.sorted() == outcome.completed.keys.sorted())
        let runs = outcome.completed.map { "\($0.key) \($0.value)" }.sorted()
        #expect(fleet.ledger() == outcome.ledger ?? runs)
    }

    /// Every instance that has ever had a record has been written down, and none of them runs any more.
    private func noInstanceIsUnknownOrLeft() async throws {
        let requested = Set(events.subjects(of: .workerRequested))
        for instance in try fleet.instances() {
            let key = "worker/\(MusterFleet.pool)/local/\(instance.name)"
            #expect(requested.contains(key), "nobody knows \(instance.name)")
        }
        #expect(outcome.instances.contains(requested.count), "\(requested.count) instances")
        #expect(try await fleet.processes().isEmpty)
    }

    /// A launch gives what it was settled with, and never more than it was for.
    private func noLaunchIsDoubled() async throws {
        let lines = events.firstDeliveries
        let instances = Dictionary(grouping: try fleet.instances(), by: \.launch)
        for planned in lines where planned.eventType == .launchPlanned {
            guard let id = planned.data.launchId, let count = planned.data.instances else { continue }
            #expect(instances[id, default: []].count <= count, "\(id)")
            let settled = lines.first { $0.eventType == .launchSettled && $0.data.launchId == id }
            let workers = lines.filter { $0.eventType == .workerRequested && $0.data.launchId == id }
            #expect(Set(workers.map(\.subject)).count == settled?.data.obtained ?? 0, "\(id)")
        }
        try await fleet.database { file in
            let planned = try await file.read { try await $0.plannedLaunches(limit: 10) }
            #expect(planned.isEmpty, "a launch is forgotten")
        }
    }
}

extension MusterFleet {
    /// The record of an instance, as far as the checks ask.
    fileprivate struct InstanceOnDisk: Decodable {
        let name: String
        let launch: String
    }

    /// The names of local instances that have a record.
    func instanceNames() throws -> [String] {
        guard access(setup.instances, F_OK) == 0 else { return [] }
        return try OwnedDescriptor.open(setup.instances, O_RDONLY | O_DIRECTORY).entries().filter {
            access(record(of: $0), F_OK) == 0
        }
    }

    fileprivate func instances() throws -> [InstanceOnDisk] {
        try instanceNames().map {
            try JSON.decode(InstanceOnDisk.self, from: try TextFile.read(record(of: $0), limit: 1 << 20))
        }
    }

    private func record(of instance: String) -> String { "\(setup.instances)/\(instance)/instance.json" }
}
