/// Doubles as ECMA-262 prints them, which RFC 8785 asks for.
enum ECMAScriptNumber {
    /// The shortest digits that read back to `number`, placed as Number::toString places them.
    ///
    /// `number` is finite and not zero: documents hold no others.
    static func text(_ number: Double) -> String {
        let (digits, exponent) = shortest(number.magnitude)
        return (number < 0 ? "-" : "") + placed(digits, exponent)
    }

    /// The digits `d1d2...dk` and n with value = 0.d1d2...dk × 10^n, from Swift's own shortest form.
    private static func shortest(_ magnitude: Double) -> (digits: String, exponent: Int) {
        let parts = magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
        var exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        var digits = Substring(String(whole) + String(fraction))
        while digits.first == "0" {
            digits = digits.dropFirst()
            exponent -= 1
        }
        while digits.last == "0" { digits = digits.dropLast() }
        return (String(digits), exponent)
    }

    private static func placed(_ digits: String, _ exponent: Int) -> String {
        let count = digits.count
        if count <= exponent, exponent <= 21 {
            return digits + String(repeating: "0", count: exponent - count)
        }
        if 0 < exponent, exponent <= 21 {
            return "\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
        }
        if -6 < exponent, exponent <= 0 {
            return "0." + String(repeating: "0", count: -exponent) + digits
        }
        let power = exponent - 1
        let fraction = count > 1 ? "." + digits.dropFirst() : ""
        return "\(digits.prefix(1))\(fraction)e\(power < 0 ? "-" : "+")\(power.magnitude)"
    }
}
