import MusterCore
import Testing

@testable import MusterCommand

@Suite("Humane times")
struct HumaneTimeTests {
    @Test(
        "say a length of time in two units",
        arguments: [
            (.zero, "0 s"), (.milliseconds(250), "250 ms"), (.microseconds(900), "0 s"),
            (.milliseconds(1_999), "1 s"),
            (.seconds(3), "3 s"), (.seconds(59), "59 s"), (.seconds(60), "1 min"),
            (.seconds(125), "2 min 5 s"),
            (.seconds(3_600), "1 h"), (.seconds(3_780), "1 h 3 min"), (.seconds(3_659), "1 h"),
            (.seconds(86_399), "23 h 59 min"), (.seconds(345_600), "4 d"), (.seconds(90_000), "1 d 1 h"),
            (.seconds(-65), "-1 min 5 s"), (.seconds(86_400 * 1_000), "1000 d"),
        ] as [(Duration, String)])
    func durations(duration: Duration, text: String) {
        #expect(HumaneTime.text(duration) == text)
    }

    @Test(
        "say a moment as seen from now",
        arguments: [
            (0, "now"), (999, "now"), (-999, "now"), (-12_000, "12 s ago"), (-12_999, "12 s ago"),
            (180_000, "in 3 min"),
            (239_000, "in 3 min"), (-7_200_000, "2 h ago"), (-345_600_000, "4 d ago"), (1_000, "in 1 s"),
        ] as [(Int64, String)])
    func moments(offset: Int64, text: String) {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        #expect(HumaneTime.text(Timestamp(milliseconds: now.milliseconds + offset), from: now) == text)
    }

    @Test("survive moments at the ends of time")
    func ends() {
        #expect(
            HumaneTime.text(Timestamp(milliseconds: .min), from: Timestamp(milliseconds: .max)).hasSuffix(
                " d ago"))
        #expect(HumaneTime.text(Duration.milliseconds(Int64.min)).hasPrefix("-"))
    }
}
