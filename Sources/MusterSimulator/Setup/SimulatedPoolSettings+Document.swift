public import MusterCore

extension SimulatedPoolSettings {
    /// Reads what differs from the usual settings: members of a pool's config and of its lifecycle, side by side.
    ///
    /// `idleTimeout` holds for every policy: Muster's own, and those with a fixed idle time.
    public init(_ reader: DocumentReader) {
        self.init()
        take(reader)
        schedule = ScheduleWindow.read(reader)
        if schedule.contains(where: { $0.timeZone != .utc }) {
            reader.refuse(
                "schedule", "must be by UTC: a simulation must not depend on the machine's time zones")
        }
        guard let elements = reader.list("launchConfigs", limit: 100) else { return }
        configs = elements.map { element in
            let config = reader.element(element)
            let settings = LaunchConfigSettings(
                capacityPerInstance: config.integer("capacityPerInstance", 1...10_000) ?? 1,
                initialWeight: config.number("initialWeight", 0...1) ?? 1,
                maxCapacity: config.integer("maxCapacity", 0...1_000_000))
            let id = config.identifier("launchConfigId", LaunchConfigID.self)
            if id == nil, !config.has("launchConfigId") { config.refuse("launchConfigId", "is missing") }
            config.refuseUnknown()
            return SimulatedLaunchConfig(id: id ?? LaunchConfigID(rawValue: "unnamed"), settings: settings)
        }
        if configs.isEmpty { reader.refuse("launchConfigs", "must have at least one") }
        if Set(configs.map(\.id)).count < configs.count {
            reader.refuse("launchConfigs", "must not have two of the same name")
        }
    }

    /// Takes over the members that are there, and leaves the rest as it is.
    public mutating func take(_ reader: DocumentReader) {
        takeScale(reader)
        takeTimes(reader)
        anticipation.take(reader)
        if let count = reader.integer("suspendAfter", 0...1_000_000) { suspendAfter = count }
    }

    private mutating func takeScale(_ reader: DocumentReader) {
        if let most = reader.integer("maxCapacity", 0...1_000_000) { scale.maxCapacity = most }
        if let least = reader.integer("minCapacity", 0...1_000_000) { scale.minCapacity = least }
        if let ratio = reader.number("scalingRatio", 0...1) { scale.scalingRatio = ratio }
        if let brake = reader.integer("instancesPerHour", 1...100_000_000) { scale.instancesPerHour = brake }
        if scale.minCapacity > scale.maxCapacity {
            reader.refuse("minCapacity", "is above maxCapacity, \(scale.maxCapacity)")
        }
    }

    private mutating func takeTimes(_ reader: DocumentReader) {
        let year = 366.0 * 86_400
        if let time = reader.seconds("idleTimeout", 0...year) {
            lifecycle.idleTimeout = time
            fixedIdleTime = time
        }
        if let time = reader.seconds("registrationTimeout", 1...year) { lifecycle.registrationTimeout = time }
        if let time = reader.seconds("stoppingTimeout", 1...year) { lifecycle.stoppingTimeout = time }
    }
}
