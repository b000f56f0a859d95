public import MusterCore

/// A machine as a fake Azure has it.
public struct FakeMachine: Sendable {
    /// What Azure is doing with it.
    public enum State: Hashable, Sendable {
        case creating(until: Duration)
        case succeeded
        case failed(code: String, message: String)
        case deleting(until: Duration)
    }

    /// Its name.
    public var name: String
    /// What it was made of; secrets are as they came.
    public var body: Document
    /// What Azure is doing with it.
    public private(set) var state: State
    /// What it does: "running", "deallocated"; nil while it has never run.
    public private(set) var power: String?
    /// What it was and did before the last change, and when that was.
    private var former: (state: State, power: String?)?
    private var changedAt: Duration
    /// Its own id.
    public var vmID: String
    /// When it was asked for.
    public var createdAt: Timestamp
    /// What it turns out as, once it is made.
    var fate: State = .succeeded
    /// How often it was made anew under its name.
    public var incarnation = 1

    /// Its tags.
    public var tags: [String: String] {
        guard case .object(let members)? = body["tags"]?.value else { return [:] }
        return Dictionary(members.map { ($0.name, text($0.document) ?? "") }) { $1 }
    }

    /// Where it is.
    public var location: String { text(body["location"]) ?? "" }

    /// Its zone, if it is in one.
    public var zone: String? {
        guard case .array(let zones)? = body["zones"]?.value else { return nil }
        return zones.first.flatMap { text($0) }
    }

    /// A machine that is being made, at an uptime.
    init(
        name: String, body: Document, state: State, power: String? = nil, vmID: String, createdAt: Timestamp,
        at now: Duration
    ) {
        self.name = name
        self.body = body
        self.state = state
        self.power = power
        self.vmID = vmID
        self.createdAt = createdAt
        changedAt = now
    }

    /// It is in another state, and does something else.
    mutating func become(_ state: State, power: String?, at now: Duration) {
        former = (self.state, self.power)
        (self.state, self.power, changedAt) = (state, power, now)
    }

    /// The machine as somebody sees it who hears of changes late; nil while it is not known at all.
    func seen(late lag: Duration, at now: Duration) -> FakeMachine? {
        guard now - changedAt < lag else { return self }
        guard let former else { return nil }
        var machine = self
        (machine.state, machine.power) = former
        return machine
    }
}

/// A disk, an interface or an address as a fake Azure has it.
public struct FakePart: Hashable, Sendable {
    /// Its whole id.
    public var id: String
    /// Its type, such as "Microsoft.Compute/disks".
    public var type: String
    /// Its tags.
    public var tags: [String: String]
    /// The machine that has it.
    public var machine: String?
    /// The interface that has an address, which cannot go before it.
    var interface: String?
    /// Until which uptime an interface is kept for the machine that it was made for.
    var reservedUntil: Duration?
}

/// The text of a string.
func text(_ document: Document?) -> String? {
    guard case .string(let text)? = document?.value else { return nil }
    return text
}

/// The elements of a list.
func list(_ document: Document?) -> [Document] {
    guard case .array(let elements)? = document?.value else { return [] }
    return elements
}
