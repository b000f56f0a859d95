import MusterCore

/// The difference between the service's clock and this machine's.
enum ServiceTime {
    /// What to add to a time of the service's to have it by our clock, from an answer's `Date` header.
    ///
    /// Zero without a header and for clocks that are nearly equal; a lease on a machine whose clock is wrong
    /// would else be over before it began, or never.
    static func skew(date: String?, now: Timestamp) -> Duration {
        guard let date, let told = moment(date) else { return .zero }
        let skew = now - told
        return abs(skew.milliseconds) < WorkerPolicy.tolerableSkew.milliseconds ? .zero : skew
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that RFC 9110 lets a server send.
    static func moment(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[1].utf8.count == 2, words[3].utf8.count == 4, words[5] == "GMT",
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}
