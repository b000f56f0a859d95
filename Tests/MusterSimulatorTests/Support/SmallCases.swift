import MusterCore

@testable import MusterSimulator

/// A workload of tasks that arrive and run for so many seconds.
func trace(_ tasks: [(arrival: Double, duration: Double)], tenants: [String] = []) throws -> Trace {
    try Trace(
        name: "small",
        tasks.enumerated().map { index, task in
            Trace.Raw(
                arrival: Int64(task.arrival * 1_000), duration: Int64(task.duration * 1_000),
                tenant: Tenant(rawValue: tenants.isEmpty ? "default" : tenants[index % tenants.count]))
        })
}

/// A cloud that boots in exactly two minutes, answers in a second, and ends instances in half a minute.
func exactCloud(_ faults: [CloudFault] = []) -> CloudScript {
    CloudScript(boot: [BootTime(median: .seconds(120), sigma: 0)], faults: faults)
}

/// A pool of launch configs of equal weight.
func pool(_ configs: Int = 1, min: Int = 0, max: Int = 1_000, unit: Int = 1) -> SimulatedPoolSettings {
    var settings = SimulatedPoolSettings(scale: PoolScale(minCapacity: min, maxCapacity: max))
    settings.configs = SimulatedPoolSettings.equalConfigs(configs)
    for index in settings.configs.indices { settings.configs[index].settings.capacityPerInstance = unit }
    return settings
}

/// A random workload of some hundred tasks of several tenants and priorities.
func randomTrace(_ generator: inout SeededGenerator, tasks: Int = 300) throws -> Trace {
    var arrival: Int64 = 0
    let raw = (0..<tasks).map { _ in
        arrival += Int64.random(in: 0...60_000, using: &generator)
        return Trace.Raw(
            arrival: arrival, duration: Int64.random(in: 0...900_000, using: &generator),
            tenant: Tenant(rawValue: ["ada", "bob", "eve"].randomElement(using: &generator) ?? "ada"),
            priority: Priority.allCases.randomElement(using: &generator) ?? .medium)
    }
    return try Trace(name: "random", raw)
}

/// What a policy comes to, by the policy's name.
func run(_ setup: SimulationSetup, _ policy: String = "plain") throws -> SimulationReport {
    var simulation = Simulation(setup, policy: try PolicyCatalogue.entry(policy).make(setup.pool))
    return simulation.run()
}
