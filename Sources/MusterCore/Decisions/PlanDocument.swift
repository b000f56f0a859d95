/// A plan as it is stored and shown; the domain may change under it.
public struct PlanDocument: Codable, Hashable, Sendable {
    /// The version of this shape.
    public var version = 1
    public var workerPoolId: PoolID
    public var at: Timestamp
    /// How many tasks wait; nil when nobody knows.
    public var pending: Int?
    /// How many tasks workers run; nil when nobody knows.
    public var claimed: Int?
    /// How many of the tasks that wait each concurrency limit holds back, by its name; absent for none.
    public var heldBack: [String: Int]?
    public var wanted: Int
    public var supply: Int
    public var toLaunch: Int
    public var launches: [LaunchEntry]
    public var retire: [String]
    public var weights: [String: WeightEntry]
    public var reasons: [ReasonEntry]

    /// A launch.
    public struct LaunchEntry: Codable, Hashable, Sendable {
        public var launchConfigId: LaunchConfigID
        public var instances: Int
        public var capacity: Int
    }

    /// A launch config's weight.
    public struct WeightEntry: Codable, Hashable, Sendable {
        public var weight: Double
        public var errorRatio: Double
        public var balance: Double
        public var reason: String?
        /// When the reason ends by itself, if it does.
        public var until: Timestamp?
    }

    /// A reason with its sentence.
    public struct ReasonEntry: Codable, Hashable, Sendable {
        public var code: String
        public var message: String
        /// What would change it; absent where nothing is held back.
        public var remedy: String?
    }

    /// Makes the document of a plan.
    public init(_ plan: Plan, poolID: PoolID, at now: Timestamp) {
        workerPoolId = poolID
        at = now
        if case .known(let pending, let claimed, _) = plan.demand {
            self.pending = pending
            self.claimed = claimed
        }
        let held = plan.reasons.compactMap { if case .heldBack(let held) = $0 { held } else { nil } }
        if !held.isEmpty {
            heldBack = Dictionary(
                held.map { ($0.limit.rawValue, $0.tasks) }, uniquingKeysWith: { $0 + $1 })
        }
        wanted = plan.wanted
        supply = plan.supply
        toLaunch = plan.toLaunch
        launches = plan.launches.map {
            LaunchEntry(launchConfigId: $0.launchConfigID, instances: $0.count, capacity: $0.capacity)
        }
        retire = plan.retirements.map(\.description)
        weights = Dictionary(
            uniqueKeysWithValues: plan.weights.map { entry in
                let (id, weight) = (entry.id, entry.weight)
                return
                    (
                        id.rawValue,
                        WeightEntry(
                            weight: weight.weight, errorRatio: weight.errorRatio, balance: weight.balance,
                            reason: weight.reason,
                            until: weight.pausedUntil ?? weight.idlesUntil ?? weight.waitsUntil)
                    )
            })
        reasons = plan.reasons.map { ReasonEntry(code: $0.code, message: $0.sentence, remedy: $0.remedy) }
    }

    /// Whether it decides the same as `other` for the same reasons, at another time.
    ///
    /// Weights move a little with every moment; that a launch config may not launch, and why, is a reason.
    public func says(theSameAs other: PlanDocument) -> Bool {
        var moved = other
        moved.at = at
        moved.weights = weights
        return self == moved && weights.mapValues(\.reason) == other.weights.mapValues(\.reason)
    }
}

extension LaunchConfigWeight {
    /// Why it launches nothing, or little.
    fileprivate var reason: String? {
        exclusion?.rawValue ?? callsAgainAt.map { "throttled until \($0)" }
            ?? unavailableUntil.map { "unavailable until \($0)" }
            ?? restsUntil.map { "resting until \($0)" } ?? (isProbe ? "probing: one at a time" : nil)
            ?? allowance.map { "recovering: \($0) at a time" }
    }
}
