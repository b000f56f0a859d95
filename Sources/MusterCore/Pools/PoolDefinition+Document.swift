extension PoolDefinition {
    /// Reads and checks a definition.
    ///
    /// - Parameters:
    ///   - document: the definition as it was written.
    ///   - id: the name that the request's path gives; must agree with the document's own, if it has one.
    ///   - path: where the document stands in its file, for messages.
    ///   - digest: SHA-256, from which ids are made for launch configs that name none.
    /// - Throws: all problems found.
    public init(
        _ document: Document, id: PoolID? = nil, path: String = "", digest: ContentDigest
    ) throws(Problems) {
        try self.init(DocumentReader(document, path: path), id: id, digest: digest)
    }

    /// The same from a reader that has been made.
    package init(_ reader: DocumentReader, id: PoolID? = nil, digest: ContentDigest) throws(Problems) {
        let named = reader.identifier("workerPoolId", PoolID.self)
        if let id, let named, named != id {
            reader.refuse("workerPoolId", "is not the pool of the request, \(id)")
        }
        if id == nil, named == nil, !reader.has("workerPoolId") {
            reader.refuse("workerPoolId", "is missing")
        }
        let providerID = reader.identifier("providerId", ProviderID.self)
        if !reader.has("providerId") { reader.refuse("providerId", "is missing") }
        reader.ignore("created", "lastModified")

        let config = reader.object("config")
        if !reader.has("config") {
            reader.refuse("config", "is missing")
        } else if !config.has("maxCapacity") {
            config.refuse("maxCapacity", "is missing")
        }
        self.init(
            id: id ?? named ?? PoolID(rawValue: ""), providerID: providerID ?? ProviderID(rawValue: ""),
            description: reader.string("description") ?? "", owner: reader.string("owner", limit: 320) ?? "",
            emailOnError: reader.boolean("emailOnError") ?? false, scale: PoolScale(config),
            source: TaskSource(of: config), lifecycle: Lifecycle(of: config), launchConfigs: [])
        if !owner.isEmpty, !owner.contains("@") { reader.refuse("owner", "must be an e-mail address") }
        take(config)
        let elements = config.list("launchConfigs", limit: 1_000) ?? []
        launchConfigs = LaunchConfigDefinition.read(elements, in: config, digest: digest)
        refuseWhatNeverFits(config)
        refuseMinimumsAboveMaximum(config)
        config.refuseUnknown()
        try reader.finish()
    }

    /// Reads what the config says of images that do not work, of what is anticipated, of the order of tasks and of their limit.
    private mutating func take(_ config: DocumentReader) {
        suspendAfter = config.integer("suspendAfter", 0...1_000_000) ?? DecisionPolicy.silentBeforeSuspension
        anticipation = Anticipation(config)
        priorityAcrossTenants = config.boolean("priorityAcrossTenants") ?? false
        limit = PoolLimit(of: config)
        schedule = ScheduleWindow.read(config)
        guard source.external != nil else { return }
        for name in ["priorityAcrossTenants", "limit"] where config.has(name) {
            config.refuse(name, "is about Muster's own queue, and the source is another")
        }
    }

    /// A pool in which no launch config fits under the maximum could never launch.
    private func refuseWhatNeverFits(_ config: DocumentReader) {
        guard !launchConfigs.isEmpty, scale.maxCapacity > 0 else { return }
        let least = launchConfigs.map(\.settings.capacityPerInstance).min() ?? 1
        if least > scale.maxCapacity {
            config.refuse(
                "maxCapacity",
                "is \(scale.maxCapacity), but the smallest launch config has \(least) per instance")
        }
    }

    /// A minimum that could never be kept is a mistake.
    private func refuseMinimumsAboveMaximum(_ config: DocumentReader) {
        for window in schedule {
            guard let minimum = window.minimum, minimum > scale.maxCapacity else { continue }
            config.refuse(
                "schedule", "has a minimum of \(minimum), which is above maxCapacity, \(scale.maxCapacity)")
        }
    }

    /// The definition as the API shows it, launch configs with their ids included.
    public var document: Document {
        Document(
            .object([
                .init("workerPoolId", .string(id.rawValue)),
                .init("providerId", .string(providerID.rawValue)),
                .init("description", .string(description)), .init("owner", .string(owner)),
                .init("emailOnError", Document(.boolean(emailOnError))),
                .init("config", configDocument(launchConfigs: launchConfigs.map(\.document))),
            ]))
    }

    /// The definition without its launch configs, as the store keeps it beside them.
    public var documentWithoutLaunchConfigs: Document {
        var stored = self
        // A limit has a row of its own, in which it can change: the number lives in one place.
        stored.limit = nil
        return stored.configDocument(launchConfigs: nil)
    }

    private func configDocument(launchConfigs: [Document]?) -> Document {
        var members: [Document.Member] = [
            .init("minCapacity", Document(.integer(Int64(scale.minCapacity)))),
            .init("maxCapacity", Document(.integer(Int64(scale.maxCapacity)))),
            .init("scalingRatio", Document(.number(scale.scalingRatio))),
            .init("source", source.document),
            .init("registration", .string(lifecycle.registration.rawValue)),
            .init("lifecycle", lifecycle.document),
        ]
        if priorityAcrossTenants {
            members.append(.init("priorityAcrossTenants", Document(.boolean(true))))
        }
        if suspendAfter != DecisionPolicy.silentBeforeSuspension {
            members.append(.init("suspendAfter", .integer(suspendAfter)))
        }
        members += anticipation.members
        if !schedule.isEmpty { members.append(.init("schedule", schedule.document)) }
        if let limit { members.append(.init("limit", limit.document)) }
        if let limit = scale.instancesPerHour { members.append(.init("instancesPerHour", .integer(limit))) }
        if let launchConfigs { members.append(.init("launchConfigs", Document(.array(launchConfigs)))) }
        return Document(.object(members))
    }
}

extension PoolScale {
    /// Reads the scale out of a pool's config.
    public init(_ config: DocumentReader) {
        let most = config.integer("maxCapacity", 0...1_000_000)
        self.init(
            minCapacity: config.integer("minCapacity", 0...1_000_000) ?? 0, maxCapacity: most ?? 0,
            scalingRatio: config.number("scalingRatio", 0...1) ?? 1,
            instancesPerHour: config.integer("instancesPerHour", 1...100_000_000))
        guard let most else { return }
        if minCapacity > most { config.refuse("minCapacity", "is above maxCapacity, \(most)") }
    }
}

extension PoolDefinition {
    /// A pool whose launch configs are rows of their own, as the store keeps it.
    public init(
        id: PoolID, providerID: ProviderID, description: String, owner: String, emailOnError: Bool,
        stored config: Document
    ) {
        let reader = DocumentReader(config)
        self.init(
            id: id, providerID: providerID, description: description, owner: owner,
            emailOnError: emailOnError, scale: PoolScale(reader), source: TaskSource(of: reader),
            lifecycle: Lifecycle(of: reader), launchConfigs: [])
        take(reader)
    }
}

extension Lifecycle {
    /// Reads what a pool's config says of its workers' ways and times.
    init(of config: DocumentReader) {
        self.init(config.object("lifecycle"))
        registration = config.choice("registration", Registration.self) ?? .required
        claimsFromQueue = TaskSource.isQueue(in: config)
        if registration == .none, claimsFromQueue {
            config.refuse(
                "registration",
                "is none, but the source is Muster's queue: its workers must register to take tasks")
        }
    }
}

extension Document {
    /// A string.
    public static func string(_ text: String) -> Document { Document(.string(text)) }

    /// A whole number.
    public static func integer(_ value: Int) -> Document { Document(.integer(Int64(value))) }

    /// An object; members whose value is nil are left out.
    public static func object(_ members: KeyValuePairs<String, Document?>) -> Document {
        Document(.object(members.compactMap { name, value in value.map { Member(name, $0) } }))
    }
}
