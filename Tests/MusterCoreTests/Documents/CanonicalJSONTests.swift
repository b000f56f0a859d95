import MusterCore
import Testing

@Suite("Canonical JSON (RFC 8785)")
struct CanonicalJSONTests {
    // Appendix B, without NaN and Infinity, which no document holds.
    @Test(
        "writes numbers as the table of the RFC's appendix B does",
        arguments: [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func number(bits: UInt64, text: String) {
        #expect(Document(.number(Double(bitPattern: bits))).canonicalJSON == text)
    }

    @Test("writes every double so that it reads back to the same double")
    func readsBack() {
        var generator = SeededGenerator(seed: 8_785)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            let text = Document(.number(number)).canonicalJSON
            #expect(Double(text) == number, "\(text)")
        }
    }

    @Test("keeps the digits of large integers, so that two that differ never look alike")
    func largeIntegers() {
        let powers: [Int64] = [1 << 53, (1 << 53) + 1, 1 << 60, 1_152_921_504_606_847_000, .max, .min]
        for integer in powers { #expect(Document(.integer(integer)).canonicalJSON == String(integer)) }
    }

    @Test("sorts names by UTF-16 code units, as in section 3.2.3")
    func sorting() {
        let members = [
            ("\u{20ac}", "Euro Sign"), ("\r", "Carriage Return"),
            ("\u{fb33}", "Hebrew Letter Dalet With Dagesh"), ("1", "One"),
            ("\u{1f600}", "Emoji: Grinning Face"), ("\u{80}", "Control"),
            ("\u{f6}", "Latin Small Letter O With Diaeresis"),
        ]
        let document = Document(.object(members.map { .init($0, Document(.string($1))) }))
        #expect(
            document.canonicalJSON
                == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
                + "\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\","
                + "\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}")
    }

    @Test(
        "escapes what must be escaped and nothing else",
        arguments: [
            ("\u{20ac}$\u{f}\nA'B\"\\\\\"/", "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""),
            ("\u{0}\u{8}\t\u{b}\u{c}\r\u{1f}", "\"\\u0000\\b\\t\\u000b\\f\\r\\u001f\""),
            ("\u{7f}\u{2028}", "\"\u{7f}\u{2028}\""),
            ("\r\n", "\"\\r\\n\""),
        ])
    func strings(text: String, json: String) {
        #expect(Document(.string(text)).canonicalJSON == json)
    }

    @Test("does not depend on the order or the lines of members")
    func order() {
        let one = Document(.object([.init("b", Document(.null), line: 2), .init("a", Document(.array([])))]))
        let other = Document(
            .object([.init("a", Document(.array([]), line: 9)), .init("b", Document(.null))]))
        #expect(one.canonicalJSON == #"{"a":[],"b":null}"#)
        #expect(one.canonicalJSON == other.canonicalJSON)
    }
}
