import MusterCore
import MusterHTTP
import Testing

struct RetryAfterTests {
    private let now = Timestamp("1994-11-06T08:49:00Z") ?? Timestamp(milliseconds: 0)

    @Test(
        "seconds and the three ways to write a date are read",
        arguments: [
            ("120", 120), ("0", 0), ("1.5", 1.5), ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 37), ("Sun Nov  6 08:49:37 1994", 37),
            ("Sun, 06 Nov 1994 08:48:59 GMT", 0), ("99999999999", 86_400),
            ("Tue, 06 Nov 2001 08:49:37 GMT", 86_400),
        ] as [(String, Double)])
    func read(text: String, seconds: Double) {
        #expect(RetryAfter.wait(answer([("Retry-After", text)]), now: now) == .seconds(seconds))
    }

    @Test(
        "what cannot be read says nothing",
        arguments: [
            "", "soon", "-1", "1e3", "+5", "0x10", "1.2.3", "Sun, 06 Nov 1994",
            "Sun, 06 Abc 1994 08:49:37 GMT",
            "Sun, 36 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT and more", String(repeating: "9", count: 400),
            String(repeating: "- ", count: 20), "\u{301}5",
        ])
    func unreadable(text: String) {
        #expect(RetryAfter.wait(answer([("Retry-After", text)]), now: now) == nil)
    }

    @Test("a date is compared with the server's own clock")
    func otherClock() {
        let response = answer([
            ("date", "Sun, 06 Nov 1994 10:00:00 GMT"), ("retry-after", "Sun, 06 Nov 1994 10:00:05 GMT"),
        ])
        #expect(RetryAfter.wait(response, now: now) == .seconds(5))
    }

    @Test("an answer without the header says nothing")
    func none() { #expect(RetryAfter.wait(answer([]), now: now) == nil) }

    private func answer(_ headers: [(String, String)]) -> HTTPResponse {
        HTTPResponse(status: 503, headers: headers.map { (name: $0.0, value: $0.1) }, body: [])
    }
}
