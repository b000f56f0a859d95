/// The marks that are known of a provider's offerings.
///
/// Pure: where they are kept, and how those that matter are found, is the store's business, or the simulator's.
public struct OfferingMarks: Hashable, Sendable {
    private var byName: [String: OfferingMark]

    /// - Parameter marks: of one provider; of two with one name the later counts.
    public init(_ marks: [OfferingMark] = []) {
        byName = Dictionary(
            marks.map { ($0.name, $0) }, uniquingKeysWith: { $0.markedAt > $1.markedAt ? $0 : $1 })
    }

    /// Whether there are none.
    public var isEmpty: Bool { byName.isEmpty }

    /// The marks, by name.
    public var all: [OfferingMark] { byName.values.sorted { $0.name < $1.name } }

    /// Takes a mark in the place of the one that had its name: the last word counts.
    public mutating func add(_ mark: OfferingMark) { byName[mark.name] = mark }

    /// Forgets marks.
    public mutating func remove(_ names: [String]) {
        for name in names { byName[name] = nil }
    }

    /// What a launch config with these offerings can be launched as.
    public func availability(of offerings: [Offering], at now: Timestamp) -> Availability {
        guard !byName.isEmpty, !offerings.isEmpty else { return .open }
        var isAnyToBeTried = false
        var first: OfferingMark?
        var markedAt: Timestamp?
        for offering in offerings {
            switch condition(of: offering, at: now) {
            case .free: return .open
            case .toBeTried: isAnyToBeTried = true
            case .marked(let mark, let last):
                if first.map({ mark.until < $0.until }) ?? true { first = mark }
                markedAt = max(markedAt ?? last, last)
            }
        }
        guard !isAnyToBeTried, let first, let markedAt else { return .probe }
        return .closed(
            Availability.Closure(
                until: first.until, markedAt: markedAt,
                reason: "\(first.cause.rawValue), \(first.cloudCode)"))
    }

    /// The names whose marks are shown to be wrong by instances that came.
    ///
    /// One whose time is over has been tried now, and is settled. One that still holds is wrong when it was made
    /// before the instances were asked for and they are of its offering: because their provider says so, or
    /// because the launch config had nothing else that they could be.
    /// - Parameters:
    ///   - obtained: the offering of each instance; nil where its provider does not say.
    ///   - offerings: those of the launch config.
    ///   - askedAt: when the instances were asked for.
    public func disproved(
        by obtained: [String?], of offerings: [Offering], askedAt: Timestamp, at now: Timestamp
    ) -> [String] {
        guard !byName.isEmpty else { return [] }
        var names: Set<String> = []
        let told = Set(obtained.compactMap(\.self))
        for name in told {
            let offering = offerings.first { $0.name == name } ?? Offering(name: name)
            names.formUnion(wrong(offering, holding: { $0.markedAt < askedAt }, at: now))
        }
        if obtained.contains(nil) {
            let isAnyFree = availability(of: offerings, at: now) == .open
            for offering in offerings {
                names.formUnion(
                    wrong(offering, holding: { !isAnyFree && $0.markedAt < askedAt }, at: now))
            }
        }
        return names.sorted()
    }

    private func wrong(
        _ offering: Offering, holding isWrong: (OfferingMark) -> Bool, at now: Timestamp
    ) -> [String] {
        offering.names.filter { name in
            guard let mark = byName[name] else { return false }
            return !mark.holds(at: now) || isWrong(mark)
        }
    }

    private enum Condition {
        case free
        /// It was marked, and nothing has come of it since.
        case toBeTried
        /// The mark that holds longest, and when the last one was made.
        case marked(OfferingMark, last: Timestamp)
    }

    private func condition(of offering: Offering, at now: Timestamp) -> Condition {
        var isToBeTried = false
        var longest: OfferingMark?
        var last: Timestamp?
        for name in offering.names {
            guard let mark = byName[name], mark.counts(at: now) else { continue }
            guard mark.holds(at: now) else {
                isToBeTried = true
                continue
            }
            if longest.map({ mark.until > $0.until }) ?? true { longest = mark }
            last = max(last ?? mark.markedAt, mark.markedAt)
        }
        guard let longest, let last else { return isToBeTried ? .toBeTried : .free }
        return .marked(longest, last: last)
    }
}
