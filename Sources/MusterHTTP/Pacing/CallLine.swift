/// A bucket and those who wait for it, in the order in which they came (pure; times are an uptime).
struct CallLine {
    /// One who waits.
    struct Entry: Hashable {
        let id: Int
        let cost: Double
        let deadline: Duration
    }

    enum Entrance: Hashable {
        case admitted
        case waits
        /// The turn would come after this time, which is past the deadline.
        case tooLate(Duration)
    }

    private(set) var bucket: TokenBucket
    private(set) var waiting: [Entry] = []
    private var waitingCost = 0.0

    init(_ bucket: TokenBucket) { self.bucket = bucket }

    /// Takes a place, or the tokens at once when nobody is before.
    mutating func enter(_ entry: Entry, at now: Duration) -> Entrance {
        if waiting.isEmpty, bucket.take(entry.cost, at: now) { return .admitted }
        let wait = bucket.wait(for: entry.cost, behind: waitingCost, at: now)
        guard now + wait <= entry.deadline else { return .tooLate(wait) }
        waiting.append(entry)
        waitingCost += entry.cost
        return .waits
    }

    /// Gives the place up.
    mutating func leave(_ id: Int) {
        waiting.removeAll { $0.id == id }
        recount()
    }

    /// Lets through whose turn has come.
    mutating func admit(at now: Duration) -> [Int] {
        var count = 0
        while count < waiting.count, bucket.take(waiting[count].cost, at: now) { count += 1 }
        let admitted = waiting.prefix(count).map(\.id)
        waiting.removeFirst(count)
        recount()
        return admitted
    }

    /// How long until somebody's turn comes; nil when nobody waits.
    mutating func nextTurn(at now: Duration) -> Duration? {
        waiting.first.map { bucket.wait(for: $0.cost, at: now) }
    }

    /// Sends away who can no longer come in time, each with how long it would have taken.
    mutating func dismissLate(at now: Duration) -> [(id: Int, wait: Duration)] {
        var before = 0.0
        var dismissed: [(id: Int, wait: Duration)] = []
        waiting.removeAll { entry in
            let wait = bucket.wait(for: entry.cost, behind: before, at: now)
            guard now + wait > entry.deadline else {
                before += entry.cost
                return false
            }
            dismissed.append((entry.id, wait))
            return true
        }
        recount()
        return dismissed
    }

    /// Does something with the bucket itself.
    mutating func change(_ body: (inout TokenBucket) -> Void) { body(&bucket) }

    private mutating func recount() { waitingCost = waiting.reduce(0) { $0 + $1.cost } }
}
