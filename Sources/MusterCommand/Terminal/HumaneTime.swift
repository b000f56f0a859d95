import MusterCore

/// Times as a person says them.
enum HumaneTime {
    /// A length of time in its two largest units, rounded down: "3 s", "2 min 5 s", "1 h 3 min", "4 d".
    static func text(_ duration: Duration) -> String {
        if duration < .zero { return "-" + text(.zero - duration) }
        if duration >= .milliseconds(1), duration < .seconds(1) { return "\(duration.milliseconds) ms" }
        let seconds = duration.components.seconds
        guard let (index, unit) = units.enumerated().first(where: { $0.element.seconds <= seconds }) else {
            return "0 s"
        }
        let first = "\(seconds / unit.seconds) \(unit.name)"
        guard index + 1 < units.count else { return first }
        let next = units[index + 1]
        let rest = seconds % unit.seconds / next.seconds
        return rest == 0 ? first : "\(first) \(rest) \(next.name)"
    }

    /// A moment as seen from `now`, in its largest unit: "12 s ago", "in 3 min", "now".
    static func text(_ moment: Timestamp, from now: Timestamp) -> String {
        let distance = moment - now
        let length = distance < .zero ? .zero - distance : distance
        let seconds = length.components.seconds
        guard let unit = units.first(where: { $0.seconds <= seconds }) else { return "now" }
        let text = "\(seconds / unit.seconds) \(unit.name)"
        return distance < .zero ? "\(text) ago" : "in \(text)"
    }

    private static let units: [(seconds: Int64, name: String)] = [
        (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"),
    ]
}
