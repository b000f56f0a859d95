/// How often each size has been seen lately: counts that halve every half-life, in a bounded number of classes.
///
/// Sizes up to sixteen have a class each, larger ones share classes that grow by 15 %, on both sides of zero.
/// What is counted later simply weighs more, so that fading costs nothing until the weights grow large.
struct FadingHistogram: Hashable, Sendable {
    private let halfLife: Duration
    /// When a count weighed one.
    private var origin: Timestamp
    private(set) var counts: [Double]
    private var sum = 0.0
    /// When something was last counted.
    private(set) var countedAt: Timestamp

    /// What all counts together weigh now: how much is known.
    func mass(at now: Timestamp) -> Double { sum * halving(age(at: max(now, countedAt))) }

    init(halfLife: Duration, at now: Timestamp) {
        self.halfLife = halfLife
        origin = now
        countedAt = now
        counts = Array(repeating: 0, count: SizeClass.count)
    }

    /// Counts a size so many times.
    mutating func add(_ size: Int, times: Double = 1, at now: Timestamp) {
        // A clock that steps back counts as if it stood.
        countedAt = max(countedAt, now)
        if age(at: countedAt) > DecisionPolicy.histogramGrowth { rebase(to: countedAt) }
        let weight = times / halving(age(at: countedAt))
        counts[SizeClass.place(of: size)] += weight
        sum += weight
    }

    /// The part of all that a class holds, from 0 to 1.
    func part(_ place: Int) -> Double { sum > 0 ? counts[place] / sum : 0 }

    private func age(at now: Timestamp) -> Double { (now - origin).inSeconds / halfLife.inSeconds }

    private mutating func rebase(to now: Timestamp) {
        let factor = halving(age(at: now))
        origin = now
        for place in counts.indices { counts[place] *= factor }
        sum = counts.reduce(0, +)
    }
}

extension FadingHistogram {
    /// What is worth keeping: the classes that hold something, as they weigh at `now`.
    func stored(at now: Timestamp) -> [Int: Double] {
        let factor = halving(age(at: max(now, countedAt)))
        var stored: [Int: Double] = [:]
        for (place, count) in counts.enumerated() where count * factor > DecisionPolicy.histogramTrace {
            stored[SizeClass.size(at: place)] = count * factor
        }
        return stored
    }

    /// The same histogram as it was stored.
    init(_ stored: [Int: Double], halfLife: Duration, at now: Timestamp) {
        self.init(halfLife: halfLife, at: now)
        for (size, count) in stored where count > 0 && count.isFinite { add(size, times: count, at: now) }
    }
}

/// The classes of sizes.
enum SizeClass {
    /// Sizes up to this have a class each.
    private static let exact = 16
    /// The upper end of each class of larger sizes.
    private static let ends: [Int] = {
        var ends: [Int] = []
        var end = Double(exact)
        while end < 1_000_000 {
            end *= 1.15
            ends.append(Int(end.rounded(.up)))
        }
        return ends
    }()
    private static let half = exact + ends.count

    /// How many there are.
    static let count = 2 * half + 1

    /// The class of a size; what is larger than all belongs to the last.
    static func place(of size: Int) -> Int {
        let magnitude = Int(clamping: size.magnitude)
        let distance: Int
        if magnitude <= exact {
            distance = magnitude
        } else {
            var low = 0
            var high = ends.count - 1
            while low < high {
                let middle = (low + high) / 2
                if ends[middle] < magnitude { low = middle + 1 } else { high = middle }
            }
            distance = exact + 1 + low
        }
        return size < 0 ? half - distance : half + distance
    }

    /// The size that stands for a class: its upper end.
    static func size(at place: Int) -> Int {
        let distance = abs(place - half)
        let magnitude = distance <= exact ? distance : ends[distance - exact - 1]
        return place < half ? -magnitude : magnitude
    }
}
