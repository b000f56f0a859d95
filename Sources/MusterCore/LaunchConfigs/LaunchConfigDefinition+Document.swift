extension LaunchConfigDefinition {
    /// The member of a launch config that Muster reads and the cloud never sees.
    static let settingsMember = "workerManager"
    /// Members of it that are a provider's, and so belong to the content: worker-manager has them there.
    static let settingsOfProviders = ["publicIp", "ignoreFailedProvisioningStates", "keepDeployment"]

    /// Reads the elements of `launchConfigs`; problems go to `config`.
    static func read(
        _ elements: [(document: Document, path: String)], in config: DocumentReader, digest: ContentDigest
    ) -> [LaunchConfigDefinition] {
        var definitions: [LaunchConfigDefinition] = []
        var taken: Set<LaunchConfigID> = []
        for element in elements {
            let reader = config.element(element)
            if element.document.value == .null { config.refuse(element, "must be an object, not null") }
            let settings = reader.object(settingsMember)
            let named = settings.identifier("launchConfigId", LaunchConfigID.self)
            for name in settingsOfProviders { settings.ignore(name) }
            let content = content(of: element.document)
            let id = named ?? derivedID(of: content, besides: taken, digest: digest)
            if !taken.insert(id).inserted {
                settings.refuse("launchConfigId", "\(id) is named twice in this pool")
            }
            var read = LaunchConfigSettings(settings)
            // Where older worker managers have it.
            if !settings.has("capacityPerInstance"),
                let capacity = reader.integer("capacityPerInstance", 1...10_000)
            {
                read.capacityPerInstance = capacity
            }
            definitions.append(LaunchConfigDefinition(id: id, content: content, settings: read))
            settings.refuseUnknown()
        }
        return definitions
    }

    /// A launch config without Muster's settings.
    private static func content(of document: Document) -> Document {
        let rest = document.without(settingsMember)
        guard case .object(let settings)? = document[settingsMember]?.value,
            case .object(let members) = rest.value
        else { return rest }
        let kept = settings.filter { settingsOfProviders.contains($0.name) }
        guard !kept.isEmpty else { return rest }
        return Document(
            .object(members + [.init(settingsMember, Document(.object(kept)))]), line: document.line)
    }

    /// `lc-` and 20 hex digits of a hash of the content's canonical JSON; further entries of one pool with
    /// the same content get `-2`, `-3` and so on.
    static func derivedID(
        of content: Document, besides taken: Set<LaunchConfigID>, digest: ContentDigest
    ) -> LaunchConfigID {
        let hash = digest(Array(content.canonicalJSON.utf8)).prefix(10)
        let stem = "lc-" + hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        var id = LaunchConfigID(rawValue: stem)
        var ordinal = 2
        while taken.contains(id) {
            id = LaunchConfigID(rawValue: "\(stem)-\(ordinal)")
            ordinal += 1
        }
        return id
    }

    /// The definition as the API shows it: the content, and the settings under `workerManager`.
    public var document: Document {
        guard case .object(let members) = content.value else { return content }
        var shown = settings.document(id: id)
        if case .object(let kept)? = content[Self.settingsMember]?.value, case .object(let own) = shown.value
        {
            shown = Document(.object(own + kept))
        }
        let others = members.filter { $0.name != Self.settingsMember }
        return Document(.object([.init(Self.settingsMember, shown)] + others))
    }
}

extension LaunchConfigSettings {
    /// Reads settings.
    init(_ reader: DocumentReader) {
        self.init(
            capacityPerInstance: reader.integer("capacityPerInstance", 1...10_000) ?? 1,
            initialWeight: reader.number("initialWeight", 0...1) ?? 1,
            maxCapacity: reader.integer("maxCapacity", 0...1_000_000),
            canary: reader.integer("canary", 0...1_000_000))
    }

    func document(id: LaunchConfigID) -> Document {
        .object([
            "launchConfigId": .string(id.rawValue), "capacityPerInstance": .integer(capacityPerInstance),
            "initialWeight": Document(.number(initialWeight)),
            "maxCapacity": maxCapacity.map(Document.integer), "canary": canary.map(Document.integer),
        ])
    }
}

extension Document {
    /// The object without one of its members.
    func without(_ name: String) -> Document {
        guard case .object(let members) = value else { return self }
        return Document(.object(members.filter { $0.name != name }), line: line)
    }
}
