import MusterCore

/// Dates in the headers of answers (RFC 9110, 5.6.7).
enum FakeGoogleDate {
    /// A moment as "Sat, 21 Nov 2026 07:30:00 GMT".
    static func text(_ moment: Timestamp) -> String {
        let parts = moment.description.split { "-T.".contains($0) }.map(String.init)
        let days = moment.milliseconds / 86_400_000
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = (Int(parts[1]) ?? 1) - 1
        return "\(weekdays[Int(days % 7)]), \(parts[2]) \(months[month]) \(parts[0]) \(parts[3]) GMT"
    }
}
