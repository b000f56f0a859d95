/// A snapshot with the moment and the chance by which it is to be decided: all that a plan is made of, as somebody
/// else writes it down.
///
/// Its JSON is described in `docs/reference/decide.md`.
public struct DecisionQuestion: Hashable, Sendable {
    /// When it is decided.
    public var now: Timestamp
    /// What chance begins with.
    public var seed: UInt64
    /// What is decided.
    public var snapshot: PoolSnapshot

    /// The plan: what the service would do.
    public var plan: Plan {
        var generator = SeededGenerator(seed: seed)
        return Decision.plan(for: snapshot, now: now, using: &generator)
    }
}

extension DecisionQuestion {
    /// Reads a question.
    ///
    /// - Throws: `Problems` with every field that makes no sense.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        let now = reader.moment("now")
        if !reader.has("now") { reader.refuse("now", "is missing") }
        let seed = reader.integer("seed", 0...Int.max) ?? 0
        let moment = now ?? Timestamp(milliseconds: 0)
        let snapshot = PoolSnapshot(reader, at: moment)
        try reader.finish()
        self.init(now: moment, seed: UInt64(seed), snapshot: snapshot)
    }
}

/// The most that any number of tasks or of capacity may be: sums of them stay far from overflowing.
private let most = 1_000_000_000

extension PoolSnapshot {
    fileprivate init(_ reader: DocumentReader, at now: Timestamp) {
        let pool = reader.object("pool")
        if !reader.has("pool") { reader.refuse("pool", "is missing") }
        let id = pool.identifier("id", PoolID.self)
        if id == nil, reader.has("pool"), !pool.has("id") { pool.refuse("id", "is missing") }
        let maximum = pool.integer("maxCapacity", 0...most)
        if maximum == nil, reader.has("pool"), !pool.has("maxCapacity") {
            pool.refuse("maxCapacity", "is missing")
        }
        self.init(
            poolID: id ?? PoolID(rawValue: ""),
            scale: PoolScale(
                minCapacity: pool.integer("minCapacity", 0...most) ?? 0, maxCapacity: maximum ?? 0,
                scalingRatio: pool.number("scalingRatio", 0...1) ?? 1),
            demand: .unknown(because: "it is null"), launchConfigs: [])
        if let staleness = pool.seconds("demandStaleness", 0...86_400) { demandStaleness = staleness }
        anticipation = Anticipation(pool)
        if pool.has("scheduled") { scheduled = ScheduledFloor(pool.object("scheduled")) }
        pool.refuseUnknown()
        outlook = DemandOutlook(reader.object("outlook"))
        take(demandOf: reader, at: now)
        launchConfigs = LaunchConfigSnapshot.read(reader.list("launchConfigs") ?? [], in: reader, at: now)
        take(idleOf: reader)
    }

    private mutating func take(demandOf reader: DocumentReader, at now: Timestamp) {
        guard reader.has("demand") else { return }
        guard case .object = reader.document("demand")?.value else {
            return reader.object("demand").refuseUnknown()
        }
        let demand = reader.object("demand")
        let pending = demand.integer("pending", 0...most)
        if pending == nil, !demand.has("pending") { demand.refuse("pending", "is missing") }
        let startable = demand.integer("startable", 0...most)
        let claimed = demand.integer("claimed", 0...most) ?? 0
        // What only finishes asks for nothing: it is taken so that it can be told of.
        _ = demand.integer("claimedElsewhere", 0...most)
        let observedAt = demand.moment("observedAt") ?? now
        demand.refuseUnknown()
        if let startable, let pending, startable > pending {
            demand.refuse("startable", "is \(startable), but only \(pending) are pending")
        }
        self.demand = .known(pending: pending ?? 0, claimed: claimed, observedAt: observedAt)
        notStartable = max(0, (pending ?? 0) - (startable ?? pending ?? 0))
    }

    private mutating func take(idleOf reader: DocumentReader) {
        var taken: Set<String> = []
        for element in reader.list("idle") ?? [] {
            let worker = reader.element(element)
            let group = worker.identifier("workerGroup", WorkerGroup.self) ?? WorkerGroup(rawValue: "default")
            let id = worker.identifier("workerId", WorkerID.self)
            if id == nil, !worker.has("workerId") { worker.refuse("workerId", "is missing") }
            let capacity = worker.integer("capacity", 1...10_000) ?? 1
            worker.refuseUnknown()
            guard let id else { continue }
            if !taken.insert("\(group)/\(id)").inserted {
                worker.refuse("workerId", "\(id) is there twice")
            }
            idle.append(
                IdleWorker(key: WorkerKey(poolID: poolID, group: group, id: id), capacity: capacity))
        }
    }
}

extension LaunchConfigSnapshot {
    fileprivate static func read(
        _ elements: [(document: Document, path: String)], in reader: DocumentReader, at now: Timestamp
    ) -> [LaunchConfigSnapshot] {
        var taken: Set<LaunchConfigID> = []
        return elements.map { element in
            let config = reader.element(element)
            let id = config.identifier("id", LaunchConfigID.self)
            if id == nil, !config.has("id") { config.refuse("id", "is missing") }
            if let id, !taken.insert(id).inserted { config.refuse("id", "\(id) is there twice") }
            let settings = LaunchConfigSettings(
                capacityPerInstance: config.integer("capacityPerInstance", 1...10_000) ?? 1,
                initialWeight: config.number("initialWeight", 0...1) ?? 1,
                maxCapacity: config.integer("maxCapacity", 0...most))
            let capacity = CapacityTable(config.object("capacity"), perInstance: settings.capacityPerInstance)
            let pausedUntil = config.moment("pausedUntil")
            let isPaused = config.boolean("paused") ?? false
            var snapshot = LaunchConfigSnapshot(
                id: id ?? LaunchConfigID(rawValue: ""), settings: settings,
                pause: isPaused || pausedUntil != nil ? Pause(until: pausedUntil, reason: "") : nil,
                isSuspended: config.boolean("suspended") ?? false,
                isArchived: config.boolean("archived") ?? false, capacity: capacity,
                health: Health(config.object("health"), at: now))
            snapshot.availability = Availability(offeringsOf: config, at: now)
            config.refuseUnknown()
            return snapshot
        }
    }
}

extension DemandOutlook {
    fileprivate init(_ reader: DocumentReader) {
        self.init(
            lead: reader.seconds("lead", 0...86_400) ?? DecisionPolicy.unknownBoot,
            riseWhileWaiting: reader.integer("riseWhileWaiting", -most...most) ?? 0,
            running: reader.integer("running", 0...most) ?? 0,
            rise: reader.integer("rise", 0...most) ?? 0, peak: reader.integer("peak", 0...most) ?? 0)
        reader.refuseUnknown()
    }
}

extension CapacityTable {
    /// Reads tallies by bucket: a number is capacity, in as many workers as that takes.
    fileprivate init(_ reader: DocumentReader, perInstance unit: Int) {
        self.init()
        for bucket in Bucket.allCases where bucket != .stopped {
            let name = bucket.rawValue
            if case .object = reader.document(name)?.value {
                let tally = reader.object(name)
                let capacity = tally.integer("capacity", 0...most) ?? 0
                self[bucket] = CapacityTally(
                    workers: tally.integer("workers", 0...most) ?? (capacity + unit - 1) / unit,
                    capacity: capacity, claimed: tally.integer("claimed", 0...most) ?? 0)
                tally.refuseUnknown()
            } else if let capacity = reader.integer(name, 0...most) {
                self[bucket] = CapacityTally(workers: (capacity + unit - 1) / unit, capacity: capacity)
            }
        }
        reader.refuseUnknown()
    }
}

extension Health {
    fileprivate init(_ reader: DocumentReader, at now: Timestamp) {
        self.init(
            successes: reader.number("successes", 0...1e9) ?? 0,
            failures: reader.number("failures", 0...1e9) ?? 0, at: reader.moment("at") ?? now,
            allowance: reader.integer("allowance", 1...most), isCanary: reader.boolean("canary") ?? false,
            triedAt: reader.moment("triedAt"), setbacks: reader.integer("setbacks", 0...most) ?? 0,
            failedAt: reader.moment("failedAt"),
            silentInARow: reader.integer("silentInARow", 0...most) ?? 0)
        reader.refuseUnknown()
    }
}

extension DocumentReader {
    /// A moment, as ISO 8601 in UTC.
    func moment(_ name: String) -> Timestamp? {
        guard let text = string(name, limit: 64) else { return nil }
        guard let moment = Timestamp(text) else {
            refuse(name, "must be a time in UTC, such as 2026-11-21T07:30:00Z")
            return nil
        }
        return moment
    }
}
