import MusterCore

extension ParsedArguments {
    /// The value of an option as a number within `bounds`; nil when it was not given.
    ///
    /// - Throws: `Problem` `usage`.
    func number(_ name: String, _ bounds: ClosedRange<Double>) throws(Problem) -> Double? {
        guard let text = string(name) else { return nil }
        guard let value = Double(text), bounds.contains(value) else {
            throw Problem(
                .usage,
                "--\(name) must be a number from \(bounds.lowerBound) to \(bounds.upperBound), not "
                    + JSONText.quoted(String(text.prefix(80))))
        }
        return value
    }

    /// The value of an option as a number of seconds within `bounds`; nil when it was not given.
    ///
    /// - Throws: `Problem` `usage`.
    func seconds(_ name: String, _ bounds: ClosedRange<Double>) throws(Problem) -> Duration? {
        try number(name, bounds).map { .milliseconds(Int64(($0 * 1_000).rounded())) }
    }
}
