import MusterCore
import MusterRuntime
import Testing

@Suite("A JSON pointer")
struct JSONPointerTests {
    /// The document and the pointers of RFC 6901, section 5.
    private static let document = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7,
         "m~n": 8}
        """#

    @Test(
        "finds what RFC 6901 says it finds",
        arguments: [
            ("/foo/0", "\"bar\""), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"),
            ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"), ("/foo", #"["bar","baz"]"#),
        ])
    func examples(pointer: String, found: String) throws {
        let document = try JSON.document(Array(Self.document.utf8))
        #expect(JSONPointer(pointer)?.value(in: document)?.canonicalJSON == found)
    }

    @Test("that is empty is the whole document")
    func whole() throws {
        let document = try JSON.document(Array(Self.document.utf8))
        #expect(JSONPointer("")?.value(in: document) == document)
        #expect(JSONPointer("") == .whole)
    }

    @Test(
        "finds nothing where nothing is",
        arguments: ["/none", "/foo/2", "/foo/01", "/foo/-", "/foo/-1", "/foo/x", "/a~1b/c", "/foo/0/x"])
    func nothing(pointer: String) throws {
        let document = try JSON.document(Array(Self.document.utf8))
        #expect(try #require(JSONPointer(pointer)).value(in: document) == nil)
    }

    @Test(
        "begins with a slash, and has no other tilde than ~0 and ~1", arguments: ["foo", "/~", "/~2", "/a~"])
    func malformed(text: String) { #expect(JSONPointer(text) == nil) }
}
