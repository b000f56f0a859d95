import MusterCore
import MusterSimulator

/// What `muster simulate` was asked for.
struct SimulationRequest {
    /// The policies that are compared, in the order asked for.
    let policies: [PolicyCatalogue.Entry]
    /// The workloads.
    let traces: [Trace]
    /// What chance is drawn from.
    let seed: UInt64
    private let pool: SimulatedPoolSettings
    private let cloud: CloudScript
    private let assignments: [PoolAssignment]

    /// Reads the arguments and the files that they name.
    ///
    /// - Throws: `Problem` or `Problems` that name the option, or the file and the place in it.
    init(_ arguments: ParsedArguments) throws {
        let names = arguments.list("policy")
        var policies: [PolicyCatalogue.Entry] = []
        for name in names.isEmpty ? [PolicyCatalogue.all[0].name] : names {
            let entry = try PolicyCatalogue.entry(name)
            if !policies.contains(where: { $0.name == entry.name }) { policies.append(entry) }
        }
        self.policies = policies
        assignments = try arguments.list("set").map { text throws(Problem) in
            try PoolAssignment(text, policies: policies.map(\.name))
        }
        seed = UInt64(try arguments.integer("seed", 0...Int.max) ?? 1)
        pool = try Self.pool(arguments)
        cloud = try Self.cloud(arguments, pool)
        traces = try arguments.list("TRACE").map { path in
            do {
                return try Trace(file: path)
            } catch let problem as Problem where problem.code != .fileFailed {
                throw problem.located(in: path)
            }
        }
        for policy in policies { _ = try settings(of: policy) }
    }

    /// What a policy is tried on.
    func setup(of policy: PolicyCatalogue.Entry, on trace: Trace) throws -> SimulationSetup {
        SimulationSetup(trace: trace, pool: try settings(of: policy), cloud: cloud, seed: seed)
    }

    private func settings(of policy: PolicyCatalogue.Entry) throws(Problems) -> SimulatedPoolSettings {
        var settings = pool
        try PoolAssignment.apply(assignments, of: policy.name, to: &settings)
        return settings
    }

    private static func pool(_ arguments: ParsedArguments) throws(Problem) -> SimulatedPoolSettings {
        var pool = SimulatedPoolSettings()
        if let least = try arguments.integer("min", 0...1_000_000) { pool.scale.minCapacity = least }
        if let most = try arguments.integer("max", 1...1_000_000) { pool.scale.maxCapacity = most }
        guard pool.scale.minCapacity <= pool.scale.maxCapacity else {
            throw Problem(.usage, "--min is above --max, \(pool.scale.maxCapacity)")
        }
        if let count = try arguments.integer("configs", 1...SimulatePolicy.mostConfigs) {
            pool.configs = SimulatedPoolSettings.equalConfigs(count)
        }
        if let unit = try arguments.integer("capacity", 1...SimulatePolicy.mostCapacity) {
            for index in pool.configs.indices { pool.configs[index].settings.capacityPerInstance = unit }
        }
        return pool
    }

    private static func cloud(
        _ arguments: ParsedArguments, _ pool: SimulatedPoolSettings
    ) throws -> CloudScript {
        var cloud = CloudScript()
        if let median = try arguments.seconds("boot", SimulatePolicy.times) { cloud.boot[0].median = median }
        if let sigma = try arguments.number("boot-sigma", SimulatePolicy.sigmas) {
            cloud.boot[0].sigma = sigma
        }
        if let time = try arguments.seconds("stopping", SimulatePolicy.times) { cloud.stopping = time }
        cloud.faults = try arguments.list("outage").flatMap { name in
            do {
                return try CloudFault.named(name, configs: pool.configs.map(\.id))
            } catch let problems as Problems {
                throw Problems(problems.all.map { $0.located(in: name) }) ?? problems
            }
        }
        return cloud
    }
}
