/// The values of a field of a cron expression: numbers from 0 to 63, each a bit.
struct CronValues: Hashable, Sendable {
    private(set) var bits: UInt64 = 0

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    mutating func insert(_ value: Int) { bits |= 1 << UInt64(value) }

    /// The largest value that is not above `bound`.
    func highest(through bound: Int) -> Int? {
        guard bound >= 0 else { return nil }
        let left = bits & (.max >> UInt64(63 - min(bound, 63)))
        return left == 0 ? nil : 63 - left.leadingZeroBitCount
    }

    /// The least value that is not below `bound`.
    func lowest(from bound: Int) -> Int? {
        guard bound <= 63 else { return nil }
        let left = bits & (.max << UInt64(max(bound, 0)))
        return left == 0 ? nil : left.trailingZeroBitCount
    }
}
