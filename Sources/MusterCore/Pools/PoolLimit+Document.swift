extension PoolLimit {
    /// Reads the limit out of a pool's config: a number of slots of its own, those with what becomes of tasks
    /// that find none free, or a shared limit's name.
    init?(of config: DocumentReader) {
        switch config.document("limit")?.value {
        case nil: return nil
        case .integer, .number:
            guard let slots = config.integer("limit", 0...LimitPolicy.slots) else { return nil }
            self = .own(slots: slots)
        case .object:
            let limit = config.object("limit")
            let slots = limit.integer("slots", 0...LimitPolicy.slots)
            let whenFull = limit.choice("whenFull", ConcurrencyLimit.WhenFull.self) ?? .enqueue
            if !limit.has("slots") { limit.refuse("slots", "is missing") }
            limit.refuseUnknown()
            guard let slots else { return nil }
            self = .own(slots: slots, whenFull: whenFull)
        default:
            guard let name = config.identifier("limit", LimitName.self) else { return nil }
            guard !name.isOfPool else {
                config.refuse(
                    "limit", "is another pool's own: make one to share with muster limit create")
                return nil
            }
            self = .shared(name)
        }
    }

    /// The limit as a definition says it.
    var document: Document {
        switch self {
        case .own(let slots, .enqueue): .integer(slots)
        case .own(let slots, let whenFull):
            .object(["slots": .integer(slots), "whenFull": .string(whenFull.rawValue)])
        case .shared(let name): .string(name.rawValue)
        }
    }
}
