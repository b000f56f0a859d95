import MusterCore
import MusterRuntime
import Testing

@Suite("XML")
struct XMLTests {
    private func elements(
        _ path: String, _ text: String, keeping: Set<String>? = nil
    ) throws(Problem) -> [XMLElement] {
        try XML.elements(at: path, keeping: keeping, in: Array(text.utf8))
    }

    private func message(_ text: String) -> String? {
        do {
            _ = try elements("a", text)
            return nil
        } catch {
            #expect(error.code == .answerUnexpected)
            return error.message
        }
    }

    @Test("The elements at a path are taken, with what they hold")
    func taken() throws {
        let found = try elements(
            "list/item",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <answer xmlns="http://example.org/"><other><item>no</item></other><item>no</item>
            <list><item id="7"><name>a &amp; b</name><tags><item><key>k</key></item></tags><none/></item>
            <item>text</item></list></answer>
            """)
        #expect(found.count == 2)
        #expect(found[0].text("name") == "a & b")
        #expect(found[0].items("tags").map { $0.text("key") } == ["k"])
        #expect(found[0].text("none") == nil)
        #expect(found[0].text("absent", "deeper") == nil)
        #expect(found[1].text == "text")
    }

    @Test("Of an element only what is named is kept, whatever else a newer service sends")
    func kept() throws {
        let found = try elements(
            "i",
            "<r><i><new><id>wrong</id></new><id>right</id><state><code>1</code><id>in</id></state></i></r>",
            keeping: ["id", "state"])
        #expect(
            found == [
                XMLElement(
                    "i",
                    children: [
                        XMLElement("id", text: "right"),
                        XMLElement("state", children: [XMLElement("id", text: "in")]),
                    ])
            ])
    }

    @Test("Several wishes are told apart, in the order of the text")
    func wishes() throws {
        let found = try XML.elements(
            [XMLWish("set/item"), XMLWish("token")],
            in: Array("<r><set><item>1</item></set><token>t</token><set><item>2</item></set></r>".utf8))
        #expect(found.map(\.wish) == [0, 1, 0])
        #expect(found.map(\.element.text) == ["1", "t", "2"])
    }

    @Test("A text of another shape is no answer without findings, it is none")
    func shape() throws {
        func found(_ text: String) throws(Problem) -> Int {
            try XML.elements(
                [XMLWish("set/item")], shape: XMLShape(root: "Answer", requiring: ["set"]),
                in: Array(text.utf8)
            ).count
        }
        #expect(try found("<Answer><set><item/><item/></set></Answer>") == 2)
        #expect(try found("<Answer><set/></Answer>") == 0)
        for (text, words) in [
            ("<html><set><item/></set></html>", "it is a html, not a Answer"),
            ("<Answer><deeper><set><item/></set></deeper></Answer>", "has no set"),
            ("<Answer/>", "has no set"), ("<Answer><set>", "no element found"),
        ] {
            do throws(Problem) {
                _ = try found(text)
                Issue.record("\(text) was taken")
            } catch {
                #expect(error.code == .answerUnexpected)
                #expect(error.message.contains(words) || words == "no element found", "\(error.message)")
            }
        }
    }

    @Test("Whatever the pieces it comes in, it reads the same")
    func pieces() throws {
        let bytes = Array("<r><i>é<b>x</b></i><i>z&#x26;</i></r>".utf8)
        for size in 1...bytes.count {
            final class Found { var all: [XMLElement] = [] }
            let found = Found()
            let reader = try XMLReader([XMLWish("i")]) { found.all.append($1) }
            for start in stride(from: 0, to: bytes.count, by: size) {
                try reader.feed(bytes[start..<min(start + size, bytes.count)])
            }
            try reader.finish()
            #expect(
                found.all == [
                    XMLElement("i", children: [XMLElement("b", text: "x")]), XMLElement("i", text: "z&"),
                ])
        }
    }

    @Test("A text that was cut off is refused, wherever it was")
    func truncated() {
        let whole = "<r><a><b>text</b></a><a/></r>"
        for length in 0..<whole.utf8.count {
            #expect(message(String(decoding: whole.utf8.prefix(length), as: UTF8.self)) != nil, "\(length)")
        }
        #expect(message(whole) == nil)
    }

    @Test(
        "Hostile texts are refused",
        arguments: [
            (
                "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><r><a>&b;</a></r>", "document type"
            ),
            ("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>", "document type"),
            ("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r><a>&x;</a></r>", "document type"),
            ("<r><a>&undeclared;</a></r>", "undefined entity"),
            (String(repeating: "<a>", count: 65), "deeper than 64"),
            ("<r><a></b></r>", "mismatched tag"),
            ("<r/><r/>", "junk after document element"),
            ("<r><a>\u{1}</a></r>", "not well-formed"),
            ("", "no element found"),
            ("{\"json\": true}", "not well-formed"),
        ])
    func hostile(_ text: String, _ reason: String) throws {
        let found = try #require(message(text))
        #expect(found.contains(reason), "\(found)")
    }

    @Test("Bytes that are no UTF-8 are refused, also under another encoding's name")
    func encodings() {
        for bytes: [UInt8] in [
            Array("<r><a>".utf8) + [0xff, 0xfe] + Array("</a></r>".utf8),
            Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r><a>".utf8) + [0xe9]
                + Array("</a></r>".utf8),
        ] {
            #expect(throws: Problem.self) { try XML.elements(at: "a", in: bytes) }
        }
    }

    @Test("Size is bounded: of the text, and of one element")
    func bounds() throws {
        let reader = try XMLReader([XMLWish("a")], limit: 100) { _, _ in }
        try reader.feed(Array("<r>".utf8))
        #expect(throws: Problem.self) { try reader.feed([UInt8](repeating: 32, count: 98)) }
        let many = "<r><a>" + String(repeating: "<b/>", count: 20_001) + "</a></r>"
        #expect(try #require(message(many)).contains("more than 20000"))
    }

    @Test("A large text is read piece by piece, element by element")
    func large() throws {
        let item =
            "<item><instanceId>i-0123456789abcdef0</instanceId><filler>\(String(repeating: "x", count: 3_000))</filler></item>"
        let bytes = Array(("<r><set>" + String(repeating: item, count: 2_000) + "</set></r>").utf8)
        let found = try XML.elements(at: "set/item", keeping: ["instanceId"], in: bytes)
        #expect(found.count == 2_000)
        #expect(found.allSatisfy { $0.children.count == 1 })
    }
}
