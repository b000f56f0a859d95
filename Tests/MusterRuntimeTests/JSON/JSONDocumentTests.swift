import MusterCore
import MusterRuntime
import Testing

@Suite("JSON text")
struct JSONDocumentTests {
    @Test(
        "becomes a document",
        arguments: [
            ("null", .null), ("true", .boolean(true)), (" false\n", .boolean(false)),
            ("0", .integer(0)), ("-0", .integer(0)), ("-17", .integer(-17)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("295147905179352830000", .number(0x1p68)),
            ("1.0", .number(1)), ("-0.0", .number(-0.0)), ("1e3", .number(1_000)), ("2E-3", .number(0.002)),
            ("1.5e+2", .number(150)), ("0e99999", .number(0)),
            ("0.000000000000000000000000001", .number(1e-27)),
            (#""""#, .string("")), (#""aé€😀""#, .string("aé€😀")),
            (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")),
            (#""\u0041\u00e9\uD83D\uDE00\u0000""#, .string("Aé😀\u{0}")),
            ("\"\u{7f}\u{2028}\"", .string("\u{7f}\u{2028}")),
            ("[]", .array([])), ("{}", .object([])), ("[ ]", .array([])), ("{ }", .object([])),
            ("[1, 2]", .array([Document(.integer(1), line: 1), Document(.integer(2), line: 1)])),
        ] as [(String, Document.Value)])
    func accepted(text: String, value: Document.Value) throws {
        #expect(try JSON.document(Array(text.utf8)).value == value)
    }

    @Test("knows the lines of values and names")
    func lines() throws {
        let text = "\n{\"a\":\n  1,\r\n \"b\"\n: [\n\ntrue]}\n"
        let document = try JSON.document(Array(text.utf8))
        guard case .object(let members) = document.value, case .array(let list)? = document["b"]?.value else {
            Issue.record("not an object with a list")
            return
        }
        #expect(document.line == 2)
        #expect(members.map(\.line) == [2, 4])
        #expect(members.map(\.document.line) == [3, 5])
        #expect(list.map(\.line) == [7])
    }

    @Test(
        "is refused with the line when it is wrong",
        arguments: [
            ("", 1), ("\n\n", 3), ("nul", 1), ("True", 1), ("[1,]", 1), ("[1\n2]", 2), ("{\"a\":1,\n}", 2),
            ("{a:1}", 1), ("{'a':1}", 1), ("{\"a\"\n\n1}", 3), ("1 2", 1), ("[]]", 1), ("[", 1), ("{", 1),
            ("\"abc", 1), ("\"a\nb\"", 1), ("\"\\x41\"", 1), ("\"\\u12g4\"", 1), ("\"\\ud800\"", 1),
            ("\"\\ud800x\"", 1), ("\"\\ud800\\n\"", 1), ("\"\\ud800\\u0041\"", 1), ("\"\\udc00\"", 1),
            ("\"\\", 1), ("\"\\u", 1),
            ("01", 1), ("-", 1), ("+1", 1), (".5", 1), ("1.", 1), ("1e", 1), ("1e+", 1), ("0x10", 1),
            ("1_000", 1),
            ("NaN", 1), ("Infinity", 1), ("-Infinity", 1), ("1e400", 1), ("-1e400", 1), ("1e-400", 1),
            ("9223372036854775808", 1), ("123456789012345678901234567890", 1), ("// x\n1", 1),
            ("\u{feff}1", 1),
            ("{\"a\":1,\n\"b\":2,\n\"a\":3}", 3), ("{\"a\":1,\"\\u0061\":2}", 1), ("\u{a0}1", 1), ("\0", 1),
            ("[\u{b}]", 1),
        ])
    func refused(text: String, line: Int) throws {
        let thrown = #expect(throws: Problem.self) { try JSON.document(Array(text.utf8)) }
        let problem = try #require(thrown)
        #expect(problem.code == .inputMalformed)
        #expect(problem.line == line)
    }

    @Test(
        "is refused when a string is not UTF-8",
        arguments: [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        for prefix in ["\"", "\"\\n"] {
            #expect(throws: Problem.self) { try JSON.document(Array(prefix.utf8) + bytes + Array("\"".utf8)) }
        }
    }

    @Test("says what stands where something else was expected")
    func message() throws {
        let thrown = #expect(throws: Problem.self) { try JSON.document(Array("{\"a\": 1\n  \"b\": 2}".utf8)) }
        #expect(
            thrown?.description
                == "line 2: the JSON text is wrong at column 3: expected \",\" or \"}\", found \"\"\" [input-malformed]"
        )
    }

    @Test("may nest 64 levels and no more")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
        }
        _ = try JSON.document(nested(64))
        #expect(throws: Problem.self) { try JSON.document(nested(65)) }
        #expect(throws: Problem.self) { try JSON.document([UInt8](repeating: 0x5b, count: 1_000_000)) }
        let objects = String(repeating: "{\"a\":", count: 1_000_000)
        #expect(throws: Problem.self) { try JSON.document(Array(objects.utf8)) }
    }

    @Test("gives the canonical form of RFC 8785, section 3.2.2")
    func canonical() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        #expect(
            try JSON.document(Array(text.utf8)).canonicalJSON
                == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
    }
}
