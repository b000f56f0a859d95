extension Anticipation {
    /// Reads what a pool's config says: `anticipate`, `headroom` and `waitValue`, side by side.
    public init(_ config: DocumentReader) {
        self.init()
        take(config)
    }

    /// Takes over the members that are there, and leaves the rest as it is.
    public mutating func take(_ config: DocumentReader) {
        switch config.document("anticipate")?.value {
        case .boolean(true): self = Anticipation()
        case .boolean(false): self = .off
        case nil, .object:
            let parts = config.object("anticipate")
            if let counts = parts.boolean("freed") { countsOnFreed = counts }
            if let keeps = parts.boolean("idle") { keepsByNeed = keeps }
            parts.refuseUnknown()
        default: config.refuse("anticipate", "must be true, false, or an object with freed and idle")
        }
        if let room = Headroom(config) { headroom = room }
        if let value = config.number("waitValue", 0...1_000) { waitValue = value }
    }

    /// The members that differ from the usual.
    public var members: [Document.Member] {
        var members: [Document.Member] = []
        let usual = Anticipation()
        if !countsOnFreed, !keepsByNeed, headroom == .none {
            members.append(.init("anticipate", Document(.boolean(false))))
        } else {
            if countsOnFreed != usual.countsOnFreed || keepsByNeed != usual.keepsByNeed {
                members.append(
                    .init(
                        "anticipate",
                        Document(
                            .object([
                                .init("freed", Document(.boolean(countsOnFreed))),
                                .init("idle", Document(.boolean(keepsByNeed))),
                            ]))))
            }
            if headroom != usual.headroom { members.append(.init("headroom", headroom.document)) }
        }
        if waitValue != usual.waitValue { members.append(.init("waitValue", Document(.number(waitValue)))) }
        return members
    }
}

extension Anticipation: CustomStringConvertible {
    /// What differs from the usual, as a definition says it.
    public var description: String {
        members.isEmpty ? "usual" : Document(.object(members)).canonicalJSON
    }
}

extension Anticipation.Headroom {
    /// Reads `headroom`: `auto`, `none`, a number of tasks, or a part such as "20%".
    fileprivate init?(_ config: DocumentReader) {
        let name = "headroom"
        switch config.document(name)?.value {
        case nil: return nil
        case .string("auto"): self = .auto
        case .string("none"): self = .none
        case .string(let text) where text.hasSuffix("%"):
            guard let percent = Double(text.dropLast()), (0...1_000).contains(percent) else {
                config.refuse(name, "must be from 0% to 1000%")
                return nil
            }
            self = percent == 0 ? .none : .percent(percent)
        case .integer, .number:
            guard let capacity = config.integer(name, 0...1_000_000) else { return nil }
            self = .fixed(capacity)
        default:
            config.refuse(name, "must be auto, none, a number of tasks, or a part such as \"20%\"")
            return nil
        }
    }

    fileprivate var document: Document {
        switch self {
        case .auto: .string("auto")
        case .none: .string("none")
        case .fixed(let capacity): .integer(capacity)
        case .percent(let percent): .string("\(ECMAScriptNumber.text(percent))%")
        }
    }
}
