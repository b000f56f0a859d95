import MusterCore

extension SeededGenerator {
    /// What numbers are drawn for. Each purpose has its own, so that what one policy draws more of changes nothing
    /// for another.
    enum Stream: UInt64 {
        case boot = 1, refusal, interruption, dispatch, policy, trace
    }

    /// The sequence of a purpose, and of the n-th thing that it is drawn for.
    init(seed: UInt64, _ stream: Stream, _ ordinal: Int = 0) {
        var mixer = SeededGenerator(seed: seed &+ stream.rawValue &* 0xd6e8_feb8_6659_fd93)
        self.init(seed: mixer.next() &+ UInt64(ordinal) &* 0xa24b_aed4_963e_e407)
    }

    /// A number from 0 up to but not including 1, of 53 random bits.
    mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
