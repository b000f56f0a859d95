/// The limits that a task is subject to, in one order and therefore as one text: tasks with equal sets wait for
/// the same.
///
/// The limit of its pool is not among them unless the task took a slot of it at its submission: it is the
/// pool's, and can change under a task that waits.
public struct LimitSet: Hashable, Sendable {
    /// How a task stands to one of its limits.
    public enum Standing: Character, Sendable, CaseIterable {
        /// It takes a slot when it is claimed.
        case needed = "-"
        /// It has had a slot since its submission.
        case held = "="
        /// The same with its pool's limit.
        case heldForPool = "+"
    }

    /// A limit and how the task stands to it.
    public struct Entry: Hashable, Sendable {
        /// The limit.
        public var limit: LimitID
        /// How the task stands to it.
        public var standing: Standing

        /// Makes an entry.
        public init(_ limit: LimitID, _ standing: Standing) {
            self.limit = limit
            self.standing = standing
        }
    }

    /// No limits.
    public static let none = LimitSet(text: "")

    /// The set as the store keeps it; empty for no limits.
    public let text: String

    /// Takes text that a set was written as.
    public init(text: String) { self.text = text }

    /// Puts entries into order; of two that name the same limit the first stays.
    public init(_ entries: some Sequence<Entry>) {
        var standings: [LimitID: Standing] = [:]
        for entry in entries where standings[entry.limit] == nil { standings[entry.limit] = entry.standing }
        text = standings.sorted { $0.key < $1.key }.map { "\($0.value.rawValue)\($0.key)" }
            .joined(separator: ",")
    }

    /// Limits of which slots are needed.
    public init(needing limits: some Sequence<LimitID>) {
        self.init(limits.map { Entry($0, .needed) })
    }

    /// Whether there is none.
    public var isEmpty: Bool { text.isEmpty }

    /// The limits in their order.
    public var entries: [Entry] {
        guard !text.isEmpty else { return [] }
        return text.split(separator: ",").compactMap { part in
            part.first.flatMap(Standing.init(rawValue:)).map {
                Entry(LimitID(rawValue: String(part.dropFirst())), $0)
            }
        }
    }

    /// The limits that the task itself named, in their order, whether it has slots of them or not.
    public var named: [LimitID] { entries.filter { $0.standing != .heldForPool }.map(\.limit) }

    /// The limits of which slots are needed, in their order; that of the pool included, unless the task has
    /// had a slot of it since its submission.
    public func needs(ofPool limit: LimitID?) -> [LimitID] {
        guard !text.isEmpty || limit != nil else { return [] }
        let entries = entries
        var needs = entries.filter { $0.standing == .needed }.map(\.limit)
        if let limit, !entries.contains(where: { $0.limit == limit }) { needs.append(limit) }
        return needs.sorted()
    }
}
