import MusterCore
import Testing

@testable import MusterCommand

@Suite("JSON texts one behind another")
struct JSONStreamTests {
    private func texts(_ input: String, chunk: Int) throws -> [String] {
        var stream = JSONStream()
        var texts: [JSONStream.Text] = []
        let bytes = Array(input.utf8)
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            texts += try stream.take(Array(bytes[start..<min(start + chunk, bytes.count)]))
        }
        texts += stream.finish()
        return texts.map {
            "\($0.linesBefore): \(String(decoding: $0.bytes, as: UTF8.self).replacing("\n", with: "|"))"
        }
    }

    @Test(
        "They are cut where each ends, however the stream comes in",
        arguments: [
            ("{}", ["0: {}"]), ("{}{}", ["0: {}", "0: {}"]), ("\n{}\n\n[]\n", ["1: {}", "3: []"]),
            ("{\n\"a\": [1,\n2]}\n{}", ["0: {|\"a\": [1,|2]}", "3: {}"]),
            (#"{"a": "}\"}"}{"b": "{["}"#, [#"0: {"a": "}\"}"}"#, #"0: {"b": "{["}"#]),
            ("wrong\n{}", ["0: wrong|", "1: {}"]), ("}{}", ["0: }", "0: {}"]), ("{", ["0: {"]),
            (" \n\t\n", []),
        ])
    func cut(input: String, expected: [String]) throws {
        for chunk in [1, 2, 3, 1_000] { #expect(try texts(input, chunk: chunk) == expected, "\(chunk)") }
    }

    @Test("One without an end is refused before it fills the memory")
    func endless() throws {
        var stream = JSONStream()
        let part = Array(repeating: UInt8(ascii: "["), count: DecidePolicy.longestText)
        let none = try stream.take(part)
        #expect(none.isEmpty)
        do {
            _ = try stream.take(part)
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .inputTooLarge)
        }
    }
}
