/// One of the five parts of a cron expression.
enum CronField: CaseIterable {
    case minute, hour, dayOfMonth, month, dayOfWeek

    /// What people call it.
    var noun: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of the month"
        case .month: "month"
        case .dayOfWeek: "day of the week"
        }
    }

    /// What it may be; Sunday has two numbers.
    private var bounds: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The values' names, beginning with the least value's.
    private var names: [String] {
        switch self {
        case .minute, .hour, .dayOfMonth: []
        case .month:
            ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        }
    }

    /// Reads a part: `*`, values, ranges, steps, and lists of them.
    ///
    /// - Throws: `Problem` `input-invalid` that names the part.
    func values(of text: Substring) throws(Problem) -> CronValues {
        var values = CronValues()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let range = try range(of: parts[0], hasStep: parts.count > 1)
            let step = try parts.count > 1 ? step(parts[1]) : 1
            for value in stride(from: range.lowerBound, through: range.upperBound, by: step) {
                values.insert(self == .dayOfWeek ? value % 7 : value)
            }
        }
        return values
    }

    private func range(of text: Substring, hasStep: Bool) throws(Problem) -> ClosedRange<Int> {
        // Each day of the week once: steps go from Sunday on.
        if text == "*" { return self == .dayOfWeek ? 0...6 : bounds }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0])
        guard ends.count > 1 else {
            if hasStep { throw problem("a step follows a range or *, as in \(text)-\(bounds.upperBound)/2") }
            return first...first
        }
        var last = try value(ends[1])
        if self == .dayOfWeek, last == 0, first > 0 { last = 7 }
        guard first <= last else { throw problem("the range \(text) runs backwards") }
        return first...last
    }

    private func value(_ text: Substring) throws(Problem) -> Int {
        if let index = names.firstIndex(of: text.uppercased()) { return bounds.lowerBound + index }
        guard let number = Self.number(text) else {
            throw problem(
                "\(JSONText.quoted(String(text.prefix(20)))) is no number"
                    + (names.isEmpty ? "" : ", and no name such as \(names[1])"))
        }
        guard bounds.contains(number) else {
            throw problem("\(number) is not from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    private func step(_ text: Substring) throws(Problem) -> Int {
        guard let number = Self.number(text), number >= 1, number <= bounds.upperBound else {
            throw problem(
                "the step \(JSONText.quoted(String(text.prefix(20)))) is no number from 1 to \(bounds.upperBound)"
            )
        }
        return number
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private func problem(_ message: String) -> Problem {
        Problem(.inputInvalid, "its \(noun): \(message)")
    }
}
