public import MusterCore
import MusterRuntime

extension Scenario {
    /// Reads a scenario from a file of JSON.
    ///
    /// - Throws: `Problem` or `Problems` with the line and the field.
    public init(file path: String) throws {
        let name = String(path.split(separator: "/").last ?? "")
        let bytes = try TextFile.read(path, limit: SimulatorPolicy.largestScript)
        try self.init(name: name, try JSON.document(bytes))
    }

    /// Reads a scenario.
    ///
    /// - Throws: `Problem` or `Problems` with the field.
    public init(name: String, _ document: Document) throws {
        let reader = DocumentReader(document)
        description = reader.string("description") ?? ""
        if description.isEmpty, !reader.has("description") { reader.refuse("description", "is missing") }
        let seed = UInt64(reader.integer("seed", 0...Int.max) ?? 1)
        let poolReader = reader.object("pool")
        let pool = SimulatedPoolSettings(poolReader)
        poolReader.refuseUnknown()
        let cloud = CloudScript(reader.object("cloud"), configs: pool.configs.map(\.id))
        let streams = (reader.list("tasks", limit: 1_000) ?? []).map { TaskStream(reader.element($0)) }
        if streams.isEmpty { reader.refuse("tasks", "must have at least one stream of tasks") }
        expectations = (reader.list("expect", limit: 1_000) ?? []).compactMap {
            Expectation(reader.element($0))
        }
        if expectations.isEmpty { reader.refuse("expect", "must have at least one expectation") }
        try reader.finish()
        var generator = SeededGenerator(seed: seed, .trace)
        let trace = try Trace(name: name, streams.flatMap { $0.tasks(using: &generator) })
        setup = SimulationSetup(trace: trace, pool: pool, cloud: cloud, seed: seed)
    }
}

extension Scenario.Expectation {
    /// Reads an expectation; nil when it says nothing that could be checked, which is a problem then.
    fileprivate init?(_ reader: DocumentReader) {
        defer { reader.refuseUnknown() }
        let names = PolicyCatalogue.all.map(\.name)
        func policyName(_ member: String) -> String? {
            guard let name = reader.string(member) else { return nil }
            if !names.contains(name) {
                reader.refuse(member, "must be one of \(names.joined(separator: ", "))")
            }
            return name
        }
        policy = policyName("policy") ?? names[0]
        against = policyName("against")
        subject = Measure.Subject(
            launchConfig: reader.identifier("launchConfig", LaunchConfigID.self),
            tenant: reader.identifier("tenant", Tenant.self))
        let bounds = 0.0...1e12
        atLeast = reader.number("atLeast", bounds)
        atMost = reader.number("atMost", bounds)
        if atLeast == nil, atMost == nil { reader.refuse("atMost", "is missing, and so is atLeast") }
        guard let measure = reader.choice("measure", Measure.self) else {
            if !reader.has("measure") { reader.refuse("measure", "is missing") }
            return nil
        }
        self.measure = measure
    }
}
