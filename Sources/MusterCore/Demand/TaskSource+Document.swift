extension TaskSource {
    private enum Kind: String, CaseIterable { case queue, http, file }

    /// Reads the member `source` of a pool's config: a word, or an object with a `kind`.
    init(of config: DocumentReader) {
        self = .queue
        guard let written = config.document("source") else { return }
        if case .string(let word) = written.value {
            if word != Kind.queue.rawValue {
                config.refuse("source", "must be queue, or an object whose kind is http or file")
            }
            return
        }
        let reader = config.object("source")
        let kind = reader.choice("kind", Kind.self)
        if !reader.has("kind") { reader.refuse("kind", "is missing") }
        switch kind {
        case .http: self = .external(ExternalSource(reader, Self.web(reader)))
        case .file: self = .external(ExternalSource(reader, Self.file(reader)))
        case .queue, nil: break
        }
        if kind != nil { reader.refuseUnknown() }
    }

    /// Whether a pool's config says, or leaves it, that tasks come from Muster's own queue.
    static func isQueue(in config: DocumentReader) -> Bool {
        guard let written = config.document("source") else { return true }
        return written.value == .string(Kind.queue.rawValue)
            || written["kind"]?.value == .string(Kind.queue.rawValue)
    }

    private static func web(_ reader: DocumentReader) -> ExternalSource.Place {
        let url = reader.string("url", limit: 2_048) ?? ""
        if !url.hasPrefix("https://"), !url.hasPrefix("http://") {
            reader.refuse("url", "must begin with https:// or http://")
        }
        return .http(
            url: url, headers: headers(reader.object("headers"), of: reader.document("headers")),
            timeout: reader.seconds("timeout", 0.1...60) ?? DemandPolicy.timeout)
    }

    private static func headers(_ reader: DocumentReader, of written: Document?) -> [ExternalSource.Header] {
        guard case .object(let members)? = written?.value else { return [] }
        return members.compactMap { member in
            if case .string(let text) = member.document.value {
                reader.ignore(member.name)
                return .init(member.name, .text(text))
            }
            let value = reader.object(member.name)
            let secret = value.string("secret", limit: 128)
            if secret == nil { value.refuse("secret", "must name a secret of muster.yaml") }
            let prefix = value.string("prefix", limit: 128) ?? ""
            value.refuseUnknown()
            return secret.map { .init(member.name, .secret(name: $0, prefix: prefix)) }
        }
    }

    private static func file(_ reader: DocumentReader) -> ExternalSource.Place {
        let path = reader.string("path", limit: 4_095) ?? ""
        if !path.hasPrefix("/") || path.utf8.contains(0) || path.split(separator: "/").contains("..") {
            reader.refuse("path", "must be an absolute path without ..")
        }
        return .file(path: path)
    }

    /// The source as a definition gives it.
    public var document: Document {
        switch self {
        case .queue: .string(Kind.queue.rawValue)
        case .external(let source): source.document
        }
    }
}

extension ExternalSource {
    /// What says that a source does not know the number of claimed tasks.
    private static let unknown = "none"

    fileprivate init(_ reader: DocumentReader, _ place: Place) {
        func pointer(_ name: String) -> JSONPointer? {
            guard let text = reader.string(name, limit: 1_024) else { return nil }
            guard let pointer = JSONPointer(text) else {
                reader.refuse(name, "must be a JSON pointer such as /counts/\(name) (RFC 6901)")
                return nil
            }
            return pointer
        }
        let knowsNoClaims = reader.document("claimed")?.value == .string(Self.unknown)
        self.init(
            place, pending: pointer("pending") ?? .usual("pending"),
            claimed: knowsNoClaims ? nil : pointer("claimed") ?? .usual("claimed"),
            observedAt: pointer("observedAt"), idle: pointer("idle"),
            interval: reader.seconds("interval", 1...3_600) ?? DemandPolicy.interval,
            staleness: reader.seconds("staleness", 1...86_400) ?? DecisionPolicy.demandStaleness)
        if interval > staleness {
            reader.refuse("interval", "is longer than staleness: the numbers would be too old in between")
        }
    }

    fileprivate var document: Document {
        var members: [Document.Member] = []
        func add(_ name: String, _ value: Document?) {
            if let value { members.append(.init(name, value)) }
        }
        switch place {
        case .http(let url, let headers, let timeout):
            add("kind", .string("http"))
            add("url", .string(url))
            if !headers.isEmpty {
                add("headers", Document(.object(headers.map { .init($0.name, $0.value.document) })))
            }
            add("timeout", .seconds(timeout))
        case .file(let path):
            add("kind", .string("file"))
            add("path", .string(path))
        }
        add("pending", .string(pending.description))
        add("claimed", .string(claimed?.description ?? Self.unknown))
        add("observedAt", (observedAt?.description).map(Document.string))
        add("idle", (idle?.description).map(Document.string))
        add("interval", .seconds(interval))
        add("staleness", .seconds(staleness))
        return Document(.object(members))
    }
}

extension ExternalSource.Header.Value {
    fileprivate var document: Document {
        switch self {
        case .text(let text): .string(text)
        case .secret(let name, let prefix):
            .object(["secret": .string(name), "prefix": prefix.isEmpty ? nil : .string(prefix)])
        }
    }
}

extension JSONPointer {
    /// The place where a number stands unless the definition says otherwise.
    fileprivate static func usual(_ name: String) -> JSONPointer { JSONPointer("/\(name)") ?? .whole }
}
