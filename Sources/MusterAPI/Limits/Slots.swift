public import MusterCore

/// `POST /api/muster/v1/slots/acquire`: takes slots of limits, all or none.
public struct AcquireSlotsRequest: Codable, Sendable {
    /// The name under which they are held; a repeat with it is no second time.
    public var holder: String
    public var limits: [LimitName]
    /// How many of each; 1 when it is absent.
    public var slots: Int?
    /// How long they are held unless the holder renews; 60 when it is absent.
    public var leaseSeconds: Double?
    /// How long to wait for them; 0 when it is absent.
    public var waitSeconds: Double?

    /// Makes a request.
    public init(
        holder: String, limits: [LimitName], slots: Int? = nil, leaseSeconds: Double? = nil,
        waitSeconds: Double? = nil
    ) {
        self.holder = holder
        self.limits = limits
        self.slots = slots
        self.leaseSeconds = leaseSeconds
        self.waitSeconds = waitSeconds
    }

    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        holder = reader.holder()
        limits = reader.limitNames("limits", limit: LimitPolicy.limitsPerTask)
        slots = reader.integer("slots", 1...LimitPolicy.slots)
        leaseSeconds = reader.lease()
        waitSeconds = reader.number("waitSeconds", 0...3_600)
        if limits.isEmpty { reader.refuse("limits", "must name a concurrency limit") }
        try reader.finish()
    }
}

/// What came of asking for slots.
public struct AcquireSlotsAnswer: Codable, Sendable {
    /// Whether it has them.
    public var acquired: Bool
    /// Until when, unless it renews; absent for slots that come back with time, which nobody holds.
    public var expires: Timestamp?
    /// How many wait in line before it; absent when it has them.
    public var ahead: Int?

    /// Makes an answer.
    public init(acquired: Bool, expires: Timestamp? = nil, ahead: Int? = nil) {
        self.acquired = acquired
        self.expires = expires
        self.ahead = ahead
    }
}

/// `POST /api/muster/v1/slots/renew`: holds slots longer.
public struct RenewSlotsRequest: Codable, Sendable {
    public var holder: String
    /// How long from now; 60 when it is absent.
    public var leaseSeconds: Double?

    /// Makes a request.
    public init(holder: String, leaseSeconds: Double? = nil) {
        self.holder = holder
        self.leaseSeconds = leaseSeconds
    }

    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        holder = reader.holder()
        leaseSeconds = reader.lease()
        try reader.finish()
    }
}

/// Until when slots are held.
public struct RenewSlotsAnswer: Codable, Sendable {
    public var expires: Timestamp

    /// Makes an answer.
    public init(expires: Timestamp) { self.expires = expires }
}

/// `POST /api/muster/v1/slots/release`: gives slots back, and a place in the line.
public struct ReleaseSlotsRequest: Codable, Sendable {
    public var holder: String

    /// Makes a request.
    public init(holder: String) { self.holder = holder }

    /// Reads and checks a request as it came.
    ///
    /// - Throws: everything that is wrong with it.
    public init(_ document: Document) throws(Problems) {
        let reader = DocumentReader(document)
        holder = reader.holder()
        try reader.finish()
    }
}

/// What was given back.
public struct ReleaseSlotsAnswer: Codable, Sendable {
    /// Whether the holder held any: not the second time.
    public var released: Bool

    /// Makes an answer.
    public init(released: Bool) { self.released = released }
}

extension DocumentReader {
    /// Names of limits.
    func limitNames(_ field: String, limit: Int) -> [LimitName] {
        var names: [LimitName] = []
        for (index, text) in (strings(field, limit: limit) ?? []).enumerated() {
            do {
                let name = try LimitName(validating: text)
                if names.contains(name) { refuse("\(field)[\(index)]", "is named twice") }
                names.append(name)
            } catch {
                refuse("\(field)[\(index)]", error.message)
            }
        }
        return names
    }

    fileprivate func holder() -> String {
        let holder = string("holder", limit: LimitPolicy.holderBytes) ?? ""
        if holder.isEmpty {
            refuse("holder", "is missing: a name of who holds the slots")
        } else if holder.hasPrefix("task:") {
            refuse("holder", "begins with task:, which is for Muster's own tasks")
        } else if holder.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            refuse("holder", "must not contain control characters")
        }
        return holder
    }

    fileprivate func lease() -> Double? {
        number(
            "leaseSeconds", LimitPolicy.shortestLease.inSeconds...LimitPolicy.longestLease.inSeconds)
    }
}
