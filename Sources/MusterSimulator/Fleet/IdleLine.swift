/// Idle workers, the one that has been idle for longest first.
///
/// Taking the last, a random one, or a certain one, and looking at the first ones, all cost about the same however
/// many there are: who leaves the middle leaves a gap, and gaps are closed when they are half of the line.
public struct IdleLine: Sendable {
    /// A worker, and since when it has been idle, in milliseconds from the start.
    public struct Entry: Hashable, Sendable {
        /// The worker's number.
        public var worker: Int
        /// Since when it has been idle.
        public var since: Int64
        /// How many tasks it could run.
        public var capacity: Int
    }

    private var entries: [Entry] = []
    /// Of each worker where it stands, or `gone`.
    private var places: [Int] = []
    /// How many idle.
    public private(set) var count = 0
    /// Everything before is gaps.
    private var start = 0

    private static let gone = -1

    init() {}

    /// Whether nobody idles.
    public var isEmpty: Bool { count == 0 }

    /// Puts a worker at the end; `since` is no earlier than that of the last one.
    mutating func append(_ worker: Int, since: Int64, capacity: Int) {
        while places.count <= worker { places.append(Self.gone) }
        places[worker] = entries.count
        entries.append(Entry(worker: worker, since: since, capacity: capacity))
        count += 1
    }

    /// Takes a worker out, if it is there.
    mutating func remove(_ worker: Int) {
        guard worker < places.count, places[worker] != Self.gone else { return }
        entries[places[worker]].worker = Self.gone
        places[worker] = Self.gone
        count -= 1
        while let last = entries.last, last.worker == Self.gone { entries.removeLast() }
        start = min(start, entries.count)
        while start < entries.count, entries[start].worker == Self.gone { start += 1 }
        if entries.count - count > max(count, 64) { close() }
    }

    /// Takes the one that has been idle for the shortest time.
    mutating func takeLast() -> Int? {
        guard let last = entries.last else { return nil }
        remove(last.worker)
        return last.worker
    }

    /// The worker at a place drawn from those there are, gaps drawn anew.
    mutating func takeRandom(_ draw: (Int) -> Int) -> Int? {
        guard count > 0 else { return nil }
        while true {
            let entry = entries[start + draw(entries.count - start)]
            guard entry.worker != Self.gone else { continue }
            remove(entry.worker)
            return entry.worker
        }
    }

    /// Those that have been idle since `moment` or longer, at most so many, the longest first.
    public func idle(since moment: Int64, limit: Int) -> [Entry] {
        var found: [Entry] = []
        for entry in entries[start...] {
            guard entry.since <= moment, found.count < limit else { break }
            if entry.worker != Self.gone { found.append(entry) }
        }
        return found
    }

    /// The longest of those that have been idle since after `moment`.
    public func first(after moment: Int64) -> Entry? {
        var low = start
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].since <= moment { low = middle + 1 } else { high = middle }
        }
        return entries[low...].first { $0.worker != Self.gone }
    }

    private mutating func close() {
        entries.removeAll { $0.worker == Self.gone }
        start = 0
        for (place, entry) in entries.enumerated() { places[entry.worker] = place }
    }
}
