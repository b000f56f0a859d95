import MusterCore
import Testing

@Suite("Reading a document")
struct DocumentReaderTests {
    private enum Colour: String, CaseIterable { case red, green }

    private func object(_ members: [(String, Document.Value)]) -> Document {
        let listed = members.enumerated().map { index, member in
            Document.Member(member.0, Document(member.1, line: index + 1), line: index + 1)
        }
        return Document(.object(listed), line: 1)
    }

    @Test("gives every kind of value")
    func values() throws {
        let reader = DocumentReader(
            object([
                ("text", .string("a")), ("flag", .boolean(true)), ("count", .integer(7)),
                ("whole", .number(8)), ("share", .number(0.5)), ("colour", .string("green")),
                ("pause", .number(1.001)), ("names", .array([Document(.string("x"))])),
                ("pool", .string("a/b")),
                (
                    "environment",
                    .object([.init("PORT", Document(.integer(80))), .init("ON", Document(.boolean(true)))])
                ),
                ("nothing", .null), ("whatever", .integer(1)),
            ]))
        #expect(reader.string("text") == "a")
        #expect(reader.boolean("flag") == true)
        #expect(reader.integer("count", 1...7) == 7)
        #expect(reader.integer("whole", 1...8) == 8)
        #expect(reader.number("share", 0...1) == 0.5)
        #expect(reader.choice("colour", Colour.self) == .green)
        #expect(reader.seconds("pause", 0...2) == .milliseconds(1_001))
        #expect(reader.strings("names") == ["x"])
        #expect(reader.identifier("pool", PoolID.self)?.name == "b")
        #expect(reader.stringMap("environment") == ["PORT": "80", "ON": "true"])
        #expect(!reader.has("nothing") && reader.string("absent") == nil)
        reader.ignore("whatever")
        try reader.finish()
    }

    @Test("collects all problems, each with its field and line, before it throws")
    func problems() throws {
        let reader = DocumentReader(
            object([
                ("text", .integer(1)), ("flag", .string("yes")), ("count", .integer(8)),
                ("share", .number(1.5)), ("colour", .string("grene")), ("long", .string("abcdef")),
                ("names", .array([Document(.string("x")), Document(.null, line: 70)])),
                ("pool", .string("no slash")),
                ("version", .object([.init("V", Document(.number(1.1), line: 9))])),
                ("countt", .integer(1)),
            ]))
        _ = reader.string("text")
        _ = reader.boolean("flag")
        _ = reader.integer("count", 1...7)
        _ = reader.number("share", 0...1)
        _ = reader.choice("colour", Colour.self)
        _ = reader.string("long", limit: 5)
        _ = reader.strings("names")
        _ = reader.identifier("pool", PoolID.self)
        _ = reader.stringMap("version")
        let thrown = #expect(throws: Problems.self) { try reader.finish() }
        let problems = try #require(thrown)
        #expect(
            problems.all.map(\.field) == [
                "text", "flag", "count", "share", "colour", "long", "names[1]", "pool", "version.V", "countt",
            ])
        #expect(problems.all.map(\.line) == [1, 2, 3, 4, 5, 6, 70, 8, 9, 10])
        #expect(
            problems.all.map(\.message).prefix(5) == [
                "must be a string, not an integer", "must be true or false, not a string",
                "must be from 1 to 7, not 8", "must be from 0.0 to 1.0, not 1.5",
                #"must be one of red, green, not "grene""#,
            ])
        #expect(
            problems.all[9]
                == Problem(
                    .fieldUnknown, "is not a known field; did you mean count?", field: "countt", line: 10))
    }

    @Test("joins the problems of inner objects and of elements, with their paths")
    func nested() throws {
        let inner = Document(.object([.init("size", Document(.string("big"), line: 5), line: 5)]), line: 4)
        let document = Document(
            .object([.init("list", Document(.array([inner]), line: 3)), .init("shape", inner)]), line: 1)
        let reader = DocumentReader(document, path: "pool")
        for element in reader.list("list") ?? [] {
            let inner = reader.element(element)
            _ = inner.integer("size", 0...1)
            inner.refuseUnknown()
        }
        let shape = reader.object("shape")
        shape.refuseUnknown()
        _ = reader.object("absent").integer("size", 0...1)
        #expect(reader.found.map(\.field) == ["pool.list[0].size", "pool.shape.size"])
        #expect(reader.found.map(\.code) == [.inputInvalid, .fieldUnknown])
        #expect(reader.found.map(\.line) == [5, 5])
    }

    @Test(
        "refuses what is no object", arguments: [.array([]), .string("x"), .integer(1)] as [Document.Value])
    func notAnObject(value: Document.Value) {
        #expect(throws: Problems.self) { try DocumentReader(Document(value)).finish() }
    }

    @Test("reads null, an empty file, as an empty object")
    func empty() throws {
        let reader = DocumentReader(Document(.null))
        #expect(reader.string("a") == nil)
        try reader.finish()
    }

    @Test("stays small however many problems there are, and however long the names")
    func bounded() throws {
        let long = String(repeating: "x", count: 100_000)
        let document = object((0..<5_000).map { ("\($0)" + long.prefix($0 < 3 ? 100_000 : 1), .null) })
        let reader = DocumentReader(document)
        _ = reader.string("known")
        let thrown = #expect(throws: Problems.self) { try reader.finish() }
        let problems = try #require(thrown)
        #expect(problems.all.count == 100)
        #expect(problems.description.utf8.count < 20_000)
    }
}
