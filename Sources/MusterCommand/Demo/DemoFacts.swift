import FoundationEssentials
import MusterClouds
import MusterCore
import MusterCrypto
import MusterEngine
import MusterRuntime
import MusterStore

/// What happened in a demo, counted from the store, from the ledger that the tasks themselves wrote, from
/// the files, and from the processes of the machine.
struct DemoFacts {
    var submitted = 0
    var tasks: [QueuedTask] = []
    var waits: [Duration] = []
    /// The tenants in the order of their turns, by pool.
    var turns: [PoolID: [Tenant]] = [:]
    var views: [PoolView] = []
    /// By pool and launch config: launches, instances that came, instances that never registered.
    var launches: [LaunchLine] = []
    var instancesStarted = 0
    var instancesEnded = 0
    var instancesLeft = 0
    var eventsInStore = 0
    var eventsInFile = 0
    /// How often each task's command ran to its end, by its own word.
    var ledger: [String: Int] = [:]
    /// Completed tasks whose output is not the checksum of their file.
    var wrongOutputs: [TaskID] = []

    struct LaunchLine {
        let poolID: PoolID
        let config: LaunchConfigID
        var launches = 0
        var instances = 0
        var failures = 0
        var weight = 0.0
    }

    var completed: Int { tasks.filter { $0.state == .completed }.count }
    /// Submitted and neither completed nor resolved in any other way.
    var lost: Int { submitted - tasks.filter { $0.resolvedAt != nil }.count }
    var ranTwice: Int { ledger.values.filter { $0 > 1 }.count }

    /// What is wrong, in words; empty when all is well.
    var faults: [String] {
        var faults: [String] = []
        if completed != submitted {
            faults.append("\(submitted - completed) of \(submitted) tasks not completed")
        }
        if lost > 0 { faults.append("\(lost) tasks lost") }
        if ranTwice > 0 { faults.append("\(ranTwice) tasks run twice") }
        if ledger.count != submitted {
            faults.append("\(ledger.count) of \(submitted) tasks say that they ran")
        }
        if !wrongOutputs.isEmpty { faults.append("\(wrongOutputs.count) tasks with a wrong checksum") }
        if instancesLeft > 0 { faults.append("\(instancesLeft) instances left") }
        if instancesStarted != instancesEnded {
            faults.append("\(instancesStarted) instances started, \(instancesEnded) ended")
        }
        if eventsInFile < eventsInStore {
            faults.append("\(eventsInStore - eventsInFile) events not published")
        }
        return faults
    }
}

extension DemoFacts {
    /// Counts everything anew.
    static func count(
        _ parts: ServiceParts, submitted: [TaskSubmission], ledger: String, eventsFile: String
    ) async throws -> DemoFacts {
        var facts = DemoFacts()
        facts.submitted = submitted.count
        facts.views = try await parts.engine.views()
        let files = Dictionary(
            uniqueKeysWithValues: submitted.compactMap { task in
                task.id.flatMap { id in task.payload.command.last.map { (id, $0) } }
            })
        var checksums: [String: String] = [:]
        for view in facts.views {
            let tasks = try await parts.store.read {
                try await $0.tasks(of: view.pool.id, state: nil, tenant: nil, after: 0, limit: 1_000).tasks
            }
            facts.tasks += tasks
            for task in tasks {
                guard let run = try await parts.store.read({ try await $0.runs(of: task.id) }).last else {
                    continue
                }
                facts.waits.append(run.startedAt - task.submittedAt)
                guard task.state == .completed, let file = files[task.id] else { continue }
                let expected = try checksums[file] ?? checksum(of: file)
                checksums[file] = expected
                if run.tail?.hasPrefix(expected) != true { facts.wrongOutputs.append(task.id) }
            }
        }
        try await facts.countEvents(in: parts.store)
        for provider in parts.providers {
            facts.instancesLeft += try await provider.list().filter { $0.state != .gone }.count
        }
        facts.eventsInFile = lines(of: eventsFile).count
        for line in lines(of: ledger) { facts.ledger[String(line.prefix { $0 != " " }), default: 0] += 1 }
        return facts
    }

    private mutating func countEvents(in store: any Store) async throws {
        var lines: [String: LaunchLine] = [:]
        var position: Int64 = 0
        while true {
            let after = position
            let entries = try await store.readOutbox { try await $0.events(after: after, limit: 1_000) }
            guard let last = entries.last else { break }
            position = last.position
            eventsInStore += entries.count
            for entry in entries { note(entry.event, &lines) }
        }
        launches = lines.sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func note(_ event: Event, _ lines: inout [String: LaunchLine]) {
        guard let pool = event.poolID else { return }
        func text(_ name: String) -> String? {
            guard case .string(let text) = event.data[name]?.value else { return nil }
            return text
        }
        if event.type == .taskClaimed, let tenant = text("tenant") {
            turns[pool, default: []].append(Tenant(rawValue: tenant))
        }
        guard let config = text("launchConfigId") else { return }
        let key = "\(pool) \(config)"
        let id = LaunchConfigID(rawValue: config)
        let weight = views.first { $0.pool.id == pool }?.weights[id]?.weight ?? 0
        var line = lines[key] ?? LaunchLine(poolID: pool, config: id, weight: weight)
        switch event.type {
        case .launchPlanned: line.launches += 1
        case .workerRequested:
            instancesStarted += 1
            line.instances += 1
            line.failures += 1
        case .workerRunning: line.failures -= 1
        case .workerStopped: instancesEnded += 1
        default: break
        }
        lines[key] = line
    }

    private static func checksum(of file: String) throws -> String {
        let bytes = try TextFile.read(file, limit: 64 << 20)
        return SHA256.hex(bytes)
    }

    private static func lines(of file: String) -> [Substring] {
        let bytes = (try? TextFile.read(file, limit: 64 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
