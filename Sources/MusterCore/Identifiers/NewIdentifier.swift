/// Ids that Muster makes.
public enum NewIdentifier {
    /// A time-ordered id of 26 lower-case characters with 80 random bits (a ULID), after a letter.
    ///
    /// Starts with a letter and has no upper case, so that it can be part of an instance's name on any cloud.
    public static func ordered(
        prefix: Character, at moment: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> String {
        var text = String(prefix)
        let time = UInt64(clamping: moment.milliseconds)
        for shift in stride(from: 45, through: 0, by: -5) { text.append(digit(time >> UInt64(shift))) }
        for _ in 0..<16 { text.append(digit(generator.next())) }
        return text
    }

    /// The id of a new launch.
    public static func launch(
        at moment: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> LaunchID {
        LaunchID(rawValue: ordered(prefix: "l", at: moment, using: &generator))
    }

    /// The id of a new task.
    public static func task(at moment: Timestamp, using generator: inout some RandomNumberGenerator) -> TaskID
    {
        TaskID(rawValue: ordered(prefix: "t", at: moment, using: &generator))
    }

    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")

    private static func digit(_ bits: UInt64) -> Character { digits[Int(bits & 31)] }
}
