import MusterCore

/// Tasks of one kind that a scenario makes up: so many, so far apart, of such a length.
struct TaskStream: Hashable, Sendable {
    /// How many.
    var count = 0
    /// Seconds from the scenario's beginning to the first.
    var from = 0.0
    /// Seconds between two; 0 for all at once.
    var every = 0.0
    /// Whether they come by chance, so far apart on average, rather than evenly.
    var isRandom = false
    /// Seconds that half of them run at most.
    var duration = 60.0
    /// The spread of the logarithm of the durations; 0 for all alike.
    var sigma = 0.0
    /// Whose they are.
    var tenant = Tenant.unnamed
    /// How urgent they are.
    var priority = Priority.medium

    /// The tasks.
    func tasks(using generator: inout SeededGenerator) -> [Trace.Raw] {
        let length = BootTime(median: .milliseconds(Int64(duration * 1_000)), sigma: sigma)
        var moment = from
        return (0..<count).map { _ in
            let task = Trace.Raw(
                arrival: Int64((moment * 1_000).rounded()), duration: length.sample(using: &generator),
                tenant: tenant, priority: priority)
            moment += isRandom ? every * generator.nextExponential() : every
            return task
        }
    }
}

extension TaskStream {
    /// Reads a stream.
    init(_ reader: DocumentReader) {
        let most = 31_536_000.0
        count = reader.integer("count", 1...SimulatorPolicy.generatedTasks) ?? 0
        if !reader.has("count") { reader.refuse("count", "is missing") }
        from = reader.number("from", 0...most) ?? 0
        every = reader.number("every", 0...most) ?? 0
        isRandom = reader.boolean("random") ?? false
        duration = reader.number("duration", 0...most) ?? 60
        sigma = reader.number("sigma", 0...5) ?? 0
        tenant = reader.identifier("tenant", Tenant.self) ?? .unnamed
        priority = reader.choice("priority", Priority.self) ?? .medium
        reader.refuseUnknown()
    }
}
