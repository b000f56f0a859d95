import MusterCore
import MusterRuntime
import Testing

@Suite("YAML text")
struct YAMLTests {
    @Test(
        "resolves plain scalars by the core schema of YAML 1.2",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("NULL", .null), ("nULL", .string("nULL")),
            ("true", .boolean(true)), ("True", .boolean(true)), ("FALSE", .boolean(false)),
            ("yes", .string("yes")), ("on", .string("on")), ("tRue", .string("tRue")),
            ("0", .integer(0)), ("-12", .integer(-12)), ("+7", .integer(7)), ("0o17", .integer(15)),
            ("0xfF", .integer(255)), ("0x", .string("0x")), ("0o8", .string("0o8")),
            ("-0x1", .string("-0x1")),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1.5", .number(1.5)), ("-.5", .number(-0.5)), ("1.", .number(1)), ("1e3", .number(1_000)),
            ("+1.5E-2", .number(0.015)), ("0.0", .number(0)), ("00.5", .number(0.5)),
            (".", .string(".")), ("+", .string("+")), (".e1", .string(".e1")),
            ("1e", .string("1e")), ("1e+", .string("1e+")), ("1.2.3", .string("1.2.3")),
            ("1_000", .string("1_000")),
            ("2026-11-21", .string("2026-11-21")), ("12:30:45", .string("12:30:45")),
            ("127.0.0.1", .string("127.0.0.1")),
            ("./a", .string("./a")), (".info", .string(".info")), ("-x", .string("-x")), ("é", .string("é")),
            ("<<", .string("<<")),
        ] as [(String, Document.Value)])
    func plain(text: String, value: Document.Value) throws {
        #expect(try YAML.document(Array("k: \(text)".utf8))["k"]?.value == value)
    }

    @Test(
        "keeps quoted and block scalars as strings",
        arguments: [
            ("'true'", "true"), ("\"1\"", "1"), ("!!str 1", "1"), ("! 1", "1"), ("''", ""),
            ("'it''s'", "it's"),
            (#""\x41\u00e9\U0001F600\n""#, "Aé😀\n"), ("|\n  a\n  b\n", "a\nb\n"), (">-\n  a\n  b\n", "a b"),
        ])
    func quoted(text: String, value: String) throws {
        #expect(try YAML.document(Array("k: \(text)".utf8))["k"]?.value == .string(value))
    }

    @Test("knows the lines of values and names")
    func lines() throws {
        let text = """
            # pools
            pool: build

            limits:
              min: 0   # none
              max:
                - 1
                - {a: b,
                   c: d}
            """
        let document = try YAML.document(Array(text.utf8))
        guard case .object(let members) = document.value,
            case .array(let list)? = document["limits"]?["max"]?.value,
            case .object(let flow) = list[1].value
        else {
            Issue.record("not of the shape")
            return
        }
        #expect(document.line == 2)
        #expect(members.map(\.line) == [2, 4])
        #expect(members.map(\.document.line) == [2, 5])
        #expect(list.map(\.line) == [7, 8])
        #expect(flow.map(\.line) == [8, 9])
    }

    @Test("reads several documents, and one where one is expected")
    func several() throws {
        let text = "a: 1\n---\nb: 2\n...\n---\n- c\n"
        let documents = try YAML.documents(Array(text.utf8))
        #expect(documents.map(\.canonicalJSON) == [#"{"a":1}"#, #"{"b":2}"#, #"["c"]"#])
        #expect(documents.map(\.line) == [1, 3, 6])
        #expect(try YAML.documents([]).isEmpty)
        #expect(try YAML.documents(Array("# nothing\n".utf8)).isEmpty)
        #expect(try YAML.document([]).value == .null)
        let thrown = #expect(throws: Problem.self) { try YAML.document(Array(text.utf8)) }
        #expect(thrown?.line == 3)
    }

    @Test(
        "is refused with the line when it is wrong or says more than JSON can",
        arguments: [
            ("a: &x 1\nb: 2\n", 1, "anchors"), ("a: 1\nb: *x\n", 2, "aliases"),
            ("a: 1\nb: &x [1]\n", 2, "anchors"),
            ("a: 1\n\nb: &x {}\n", 3, "anchors"), ("a: 1\nb: 2\na: 3\n", 3, "twice"),
            ("x:\n  a: 1\n  'a': 2\n", 3, "twice"),
            ("a: 1\n? [b]\n: 1\n", 2, "must be a text"), ("? {b: 1}\n: 1\n", 1, "must be a text"),
            ("a: 1\n?\n: 2\n", 2, "must be a text"), ("a: !thing 1\n", 1, "tag"), ("a: !!int 1\n", 1, "tag"),
            ("a: !!set {b}\n", 1, "tag"), ("- .inf\n", 1, "finite"), ("- 1\n- -.INF\n", 2, "finite"),
            ("a: .NaN\n", 1, "finite"),
            ("a: 0644\n", 1, "zero"), ("account: 012345678901\n", 1, "zero"), ("a: 1e999\n", 1, "range"),
            ("a: 92233720368547758070\n", 1, "64 bits"), ("a: 0xffffffffffffffff\n", 1, "64 bits"),
            ("a: [1, 2\nb: 3\n", 2, "YAML text is wrong"), ("a: b: c\n", 1, "mapping values are not allowed"),
            ("a: 1\n\tb: 2\n", 2, "YAML text is wrong"), ("a: 'open\n", 1, "unexpected end of stream"),
            ("ok: 1\n a: 2\n", 2, "YAML text is wrong"), ("%TAG !e! tag:e,2000:\n---\na: 1\n", 1, "%TAG"),
            ("a: 1\nb: \u{1}\n", 2, "control characters"), ("%YAML 3.0\n---\na: 1\n", 1, "incompatible"),
        ])
    func refused(text: String, line: Int, message: String) throws {
        let thrown = #expect(throws: Problem.self) { try YAML.documents(Array(text.utf8)) }
        let problem = try #require(thrown)
        #expect(problem.code == .inputMalformed)
        #expect(problem.line == line)
        #expect(problem.message.contains(message), "\(problem)")
    }

    @Test("is refused when it is not UTF-8, with the line")
    func notUTF8() throws {
        let thrown = #expect(throws: Problem.self) {
            try YAML.document(Array("a: 1\nb: ".utf8) + [0xff, 0x0a])
        }
        #expect(thrown?.line == 2)
        let utf16: [UInt8] = [0xff, 0xfe, 0x61, 0x00]
        #expect(throws: Problem.self) { try YAML.document(utf16) }
        #expect(try YAML.document([0xef, 0xbb, 0xbf] + Array("a: 1".utf8))["a"]?.value == .integer(1))
    }

    @Test("may nest 64 levels and no more")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
        }
        _ = try YAML.document(nested(64))
        #expect(throws: Problem.self) { try YAML.document(nested(65)) }
        #expect(throws: Problem.self) { try YAML.document(Array(String(repeating: "- ", count: 65).utf8)) }
    }
}
