import MusterCore
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "are written and read as ISO 8601",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_246_200_123, "2026-11-21T07:30:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func text(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test("come back from their text, all over the calendar")
    func roundTrip() {
        var generator = SeededGenerator(seed: 1_970)
        for _ in 0..<5_000 {
            let moment = Timestamp(
                milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator))
            #expect(Timestamp(moment.description) == moment)
        }
    }

    @Test(
        "take any number of fractional digits",
        arguments: [
            ("1970-01-01T00:00:01Z", 1_000), ("1970-01-01T00:00:01.5Z", 1_500),
            ("1970-01-01T00:00:01.5678901234567890123Z", 1_567), ("1970-01-01T00:00:01.05Z", 1_050),
        ] as [(String, Int64)])
    func fractions(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(
        "refuse everything else",
        arguments: [
            "", "Z", "2026-11-21", "2026-11-21T07:30:00", "2026-11-21T07:30:00+01:00", "2026-11-21 07:30:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-11-21T24:00:00Z", "2026-11-21T07:60:00Z", "2026-11-21T07:30:61Z", "2026-11-21T07:30:00.Z",
            "2026-11-21T07:30:00.1x2Z", "2026-11-21T07:30:00.123456789xZ", "+026-11-21T07:30:00Z",
            "2026-11-21T07:30:00ZZ", "2026-11-21T07:30:00é0Z", "２026-11-21T07:30:00Z",
        ])
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("stay at the ends of their range instead of overflowing")
    func ends() {
        let last = Timestamp(milliseconds: .max)
        let first = Timestamp(milliseconds: .min)
        #expect(last + .seconds(1) == last)
        #expect(first - .seconds(1) == first)
        #expect(first + .seconds(-1) == first)
        #expect(last - .seconds(-1) == last)
        #expect((last - first) > (first - last))
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        #expect(
            Duration(secondsComponent: 9_223_372_036_854_775, attosecondsComponent: 999_999_999_999_999_999)
                .milliseconds == .max)
    }
}
