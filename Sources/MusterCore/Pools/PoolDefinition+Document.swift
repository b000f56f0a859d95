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
            lifecycle: Lifecycle(config.object("lifecycle")), launchConfigs: [])
        if !owner.isEmpty, !owner.contains("@") { reader.refuse("owner", "must be an e-mail address") }
        let elements = config.list("launchConfigs", limit: 1_000) ?? []
        launchConfigs = LaunchConfigDefinition.read(elements, in: config, digest: digest)
        refuseWhatNeverFits(config)
        config.refuseUnknown()
        try reader.finish()
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
        configDocument(launchConfigs: nil)
    }

    private func configDocument(launchConfigs: [Document]?) -> Document {
        var members: [Document.Member] = [
            .init("minCapacity", Document(.integer(Int64(scale.minCapacity)))),
            .init("maxCapacity", Document(.integer(Int64(scale.maxCapacity)))),
            .init("scalingRatio", Document(.number(scale.scalingRatio))),
            .init("lifecycle", lifecycle.document),
        ]
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
            scalingRatio: config.number("scalingRatio", 0...1) ?? 1)
        guard let most else { return }
        if minCapacity > most { config.refuse("minCapacity", "is above maxCapacity, \(most)") }
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
