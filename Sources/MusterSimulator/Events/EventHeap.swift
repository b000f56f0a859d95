/// What is to happen, ordered by moment, rank and the order in which it was added; a binary heap.
struct EventHeap {
    /// An event and its moment.
    struct Entry {
        /// Milliseconds from the start.
        let at: Int64
        /// Its place among those of the same moment: rank, then order of adding.
        fileprivate let order: Int64
        /// What happens.
        let event: SimulationEvent

        fileprivate func precedes(_ other: Entry) -> Bool { (at, order) < (other.at, other.order) }
    }

    private var entries: [Entry] = []
    private var added: Int64 = 0

    /// Above every number of events that a run can add.
    private static let rankUnit: Int64 = 1 << 56

    /// The next event without taking it.
    var next: Entry? { entries.first }

    /// Adds an event.
    mutating func add(_ event: SimulationEvent, at moment: Int64) {
        added += 1
        entries.append(Entry(at: moment, order: Int64(event.rank) * Self.rankUnit + added, event: event))
        var index = entries.count - 1
        let entry = entries[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.precedes(entries[parent]) else { break }
            entries[index] = entries[parent]
            index = parent
        }
        entries[index] = entry
    }

    /// Takes the next event.
    mutating func pop() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
            guard entries[child].precedes(last) else { break }
            entries[index] = entries[child]
            index = child
        }
        entries[index] = last
        return first
    }
}
