public import MusterCore

/// The header by which a server says when it wants to be asked again (RFC 9110, 10.2.3).
public enum RetryAfter {
    /// How long to wait, or nil when the answer does not say, or says nothing that can be read.
    ///
    /// A date is compared with the answer's own `Date`, so that clocks that differ change nothing; without one,
    /// with `now`. What has passed is no wait; what is longer than a day is a day.
    public static func wait(_ response: HTTPResponse, now: Timestamp) -> Duration? {
        guard let text = response.header("Retry-After") else { return nil }
        if let seconds = seconds(text) { return bounded(seconds) }
        guard let moment = moment(text) else { return nil }
        let then = response.header("Date").flatMap(moment(_:)) ?? now
        return bounded(moment - then)
    }

    private static func bounded(_ wait: Duration) -> Duration {
        min(max(wait, .zero), HTTPPolicy.longestTimeout)
    }

    /// Whole seconds, or with a fraction, which no standard has and some servers send.
    private static func seconds(_ text: String) -> Duration? {
        guard text.utf8.count <= 20, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
            let seconds = Double(text)
        else { return nil }
        return .seconds(min(seconds, HTTPPolicy.longestTimeout / .seconds(1)))
    }

    /// A date in any of the three ways that HTTP has had of writing it (RFC 9110, 5.6.7); nil for anything else.
    public static func moment(_ text: String) -> Timestamp? {
        guard text.utf8.count <= 40 else { return nil }
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT":
            return moment(year: words[3], month: words[2], day: words[1], time: words[4])
        case 5:
            return moment(year: words[4], month: words[1], day: words[2], time: words[3])
        default:
            return nil
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func moment(year: String, month: String, day: String, time: String) -> Timestamp? {
        guard let index = months.firstIndex(of: month) else { return nil }
        // Two digits are of the century that began with the epoch, up to its seventieth year.
        let full = year.utf8.count == 2 ? (year < "70" ? "20" : "19") + year : year
        return Timestamp("\(full)-\(padded("\(index + 1)"))-\(padded(day))T\(time)Z")
    }

    private static func padded(_ number: String) -> String { number.utf8.count == 1 ? "0" + number : number }
}
