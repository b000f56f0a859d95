/// Numbers with a fixed number of decimals, the same on every platform and in every language.
public enum DecimalText {
    /// `value` rounded half away from zero: "12.35". What is no finite number of a sensible size is "?".
    public static func of(_ value: Double, places: Int) -> String {
        let unit = (0..<places).reduce(1.0) { unit, _ in unit * 10 }
        let scaled = (value * unit).rounded()
        guard scaled.magnitude < 1e15 else { return "?" }
        let digits = String(Int64(scaled.magnitude))
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
    }
}
