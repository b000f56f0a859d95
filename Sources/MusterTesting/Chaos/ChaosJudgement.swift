import MusterCore

/// What really was at a cloud, at a moment at which nothing is on its way.
struct ChaosFacts: Sendable {
    /// The provider's name.
    var name: String
    /// All instances that were ever made.
    var made: [ChaosInstance]
    /// The ids of those that stand.
    var standing: Set<String>
    /// The ids of those that went away by themselves.
    var ended: Set<String>
    /// Whether a stranger's were left alone.
    var strangersStand: Bool
    /// The launches in the midst of which the program was killed: what a cloud had said of them may have gone with it.
    var interrupted: Set<String>
}

/// Holds what is written against what really was.
struct ChaosJudgement {
    let rows: FleetRows
    let facts: ChaosFacts
    private let workers: [Worker]
    private let made: [String: [ChaosInstance]]
    private let ended: Set<String>

    init(_ rows: FleetRows, _ facts: ChaosFacts) {
        self.rows = rows
        self.facts = facts
        workers = rows.workers.filter { $0.providerID.rawValue == facts.name }
        made = Dictionary(grouping: facts.made, by: \.launch)
        ended = Set(facts.ended.map(ChaosInstance.name))
    }

    /// What should not be.
    var violations: [String] {
        var found = standing() + instances() + launches()
        if !facts.strangersStand { found.append("a stranger's was touched") }
        return found.map { "\(facts.name): \($0)" }.sorted()
    }

    /// What stands has a worker, and what has a worker stands.
    private func standing() -> [String] {
        let known = rows.instances(of: facts.name)
        return facts.standing.subtracting(known).map { "\($0) stands and has no worker" }
            + known.subtracting(facts.standing).map { "\($0) has a worker and does not stand" }
    }

    /// Whatever was made is known, and whatever went has gone for a reason that is written.
    private func instances() -> [String] {
        let byName = Dictionary(
            workers.map { (ChaosInstance.name(of: $0.instanceID), $0) },
            uniquingKeysWith: { first, _ in first })
        let unknown = Set((rows.endedUnknown[facts.name] ?? []).map(ChaosInstance.name))
        let standing = Set(facts.standing.map(ChaosInstance.name))
        var found: [String] = []
        for instance in facts.made {
            let name = instance.name
            if instance.times > 1, !ended.contains(name) {
                found.append("\(name) was made \(instance.times) times, and nobody had ended it")
            }
            guard !standing.contains(name), !unknown.contains(name), !ended.contains(name) else { continue }
            guard let worker = byName[name] else {
                found.append("\(name) was made and is gone, and nothing is written of it")
                continue
            }
            if !Self.reasons.contains(worker.stopReason ?? "") {
                found.append("\(name) was ended because of \(worker.stopReason ?? "nothing")")
            }
        }
        let names = Set(facts.made.map(\.name))
        found += byName.keys.filter { !names.contains($0) }.map { "\($0) has a worker and was never made" }
        return found
    }

    /// What a run has instances ended for.
    private static let reasons: Set = [StopReason.idle, StopReason.poolDeleted]

    /// No launch gave more than it asked for, and where one gave less the cloud has said why.
    private func launches() -> [String] {
        var found = made.keys.filter { rows.launches[$0] == nil }.map { "nobody knows the launch \($0)" }
        let workers = Dictionary(grouping: workers, by: \.launchID.rawValue)
        for (id, launch) in rows.launches where launch.providerID.rawValue == facts.name {
            let made = made[id] ?? []
            let known = workers[id]?.count ?? 0
            // One that went away by itself while nobody had heard of it may be made anew.
            let again = made.filter { ended.contains($0.name) }.map { $0.times - 1 }.reduce(0, +)
            let count = made.map(\.times).reduce(0, +) - again
            if count > launch.count || known > launch.count {
                found.append("\(id) asked for \(launch.count) and made \(count), known are \(known)")
            }
            found += faults(of: launch, made: made, known: known)
        }
        for failure in rows.failures where rows.launches[failure.launch]?.providerID.rawValue == facts.name {
            if ["", "unknown"].contains(failure.label) {
                found.append("\(failure.launch) failed, and nobody knows why: \(failure.message)")
            }
        }
        return found
    }

    private func faults(of launch: Launch, made: [ChaosInstance], known: Int) -> [String] {
        switch launch.state {
        case .planned: return ["\(launch.id) is open"]
        case .abandoned:
            if made.isEmpty, facts.interrupted.contains(launch.id.rawValue) { return [] }
            let error = launch.error.map(\.description) ?? "no reason"
            return ["\(launch.id) was given up with \(made.count) made: \(error)"]
        case .settled:
            guard launch.obtained <= launch.count else {
                return ["\(launch.id) was given more than it asked"]
            }
            guard launch.obtained < launch.count else { return [] }
            guard let error = launch.error else { return ["\(launch.id) gave too little without a reason"] }
            // What it was answered has gone with the process that was killed over it.
            let isExplained =
                error.cloudCode == "interrupted"
                ? facts.interrupted.contains(launch.id.rawValue)
                : !Self.nobodysCodes.contains(error.cloudCode)
            return isExplained ? [] : ["\(launch.id) gave too little, and no cloud says why: \(error)"]
        }
    }

    /// Codes of Muster's own, which say that no cloud has given one.
    private static let nobodysCodes: Set = ["missing", "deadline", "abandoned"]
}
