/// What somebody wants a limit to be; what is nil stays as it is, or as usual for a new one.
public struct LimitSettings: Hashable, Sendable {
    /// What it is called.
    public var name: LimitName?
    /// What it is for.
    public var description: String?
    /// How many there are.
    public var slots: Int?
    /// Whether it holds anybody back.
    public var isActive: Bool?
    /// What becomes of tasks that find nothing free.
    public var whenFull: ConcurrencyLimit.WhenFull?
    /// How many slots come back in a second; 0 for slots that are held and given back.
    public var slotsPerSecond: Double?

    /// Nothing in particular.
    public init() {}

    /// Reads settings out of a document; `finish` is the caller's.
    public init(_ reader: DocumentReader) {
        name = reader.identifier("name", LimitName.self)
        description = reader.string("description", limit: 1_000)
        slots = reader.integer("slots", 0...LimitPolicy.slots)
        isActive = reader.boolean("active")
        whenFull = reader.choice("whenFull", ConcurrencyLimit.WhenFull.self)
        slotsPerSecond = reader.number("slotsPerSecond", 0...Double(LimitPolicy.slots))
        if name?.isOfPool == true {
            reader.refuse("name", "begins with \(LimitName.poolPrefix), which is for limits of pools' own")
        }
    }
}

extension ConcurrencyLimit {
    /// Changes what settings say.
    ///
    /// A rate goes on with the slots that there are at this moment.
    public mutating func apply(_ settings: LimitSettings, at now: Timestamp) {
        let free = rate?.tokens(at: now, of: slots)
        if let name = settings.name { self.name = name }
        if let description = settings.description { self.description = description }
        if let slots = settings.slots { self.slots = slots }
        if let isActive = settings.isActive { self.isActive = isActive }
        if let whenFull = settings.whenFull { self.whenFull = whenFull }
        if let slotsPerSecond = settings.slotsPerSecond {
            rate =
                slotsPerSecond > 0
                ? Rate(
                    slotsPerSecond: slotsPerSecond, tokens: min(free ?? Double(slots), Double(slots)),
                    countedAt: now)
                : nil
        } else if settings.slots != nil, let free {
            rate?.tokens = min(free, Double(slots))
            rate?.countedAt = now
        }
    }
}
