import Testing

@testable import MusterServer

@Suite("The request target")
struct RequestTargetTests {
    static let paths: [(String, [String])] = [
        ("/", []), ("/a", ["a"]), ("/a/", ["a", ""]), ("//", ["", ""]), ("/a//b", ["a", "", "b"]),
        ("/a/b%2Fc", ["a", "b/c"]), ("/a%3Fb", ["a?b"]), ("/a+b", ["a+b"]), ("/%E2%82%ac", ["€"]),
        ("/%25%32%66", ["%2f"]), ("/%252f", ["%2f"]), ("/...", ["..."]), ("/a%0Ab", ["a\nb"]),
        ("http://host:1/a", ["a"]), ("HTTPS://host", []), ("http://host?x=1", []), ("/a?b/c", ["a"]),
        ("/http://x", ["http:", "", "x"]),
    ]

    @Test("is split before it is decoded", arguments: paths)
    func path(raw: String, path: [String]) throws {
        #expect(try RequestTarget(parsing: Array(raw.utf8)).path == path)
    }

    static let refused = [
        "", "a", "*", "host:443", "?a=b", "/%", "/%2", "/%2g", "/%%41", "/%00", "/a%00b", "/%ff", "/%c0%af",
        "/%ed%a0%80", "/a b", "/a\tb", "/a#b", "/é", "/\u{7f}", "/.", "/..", "/a/../b", "/a/%2e%2E/b",
        "/a/.%2e", "/?%", "/?a=%00", "/?a=%ff", "ftp://host/a",
    ]

    @Test("is refused when it can be read in two ways", arguments: refused)
    func refusal(raw: String) {
        let refusal = #expect(throws: Refusal.self) { try RequestTarget(parsing: Array(raw.utf8)) }
        #expect(refusal?.status == 400)
    }

    static let queries: [(String, [String])] = [
        ("/", []), ("/?", []), ("/?a", ["a", ""]), ("/?a=", ["a", ""]), ("/?a=b=c", ["a", "b=c"]),
        ("/?a=1&a=2", ["a", "1", "a", "2"]), ("/?&&a=b&", ["a", "b"]), ("/?a+b=c+d", ["a b", "c d"]),
        ("/?a%2Bb=%26%3D", ["a+b", "&="]), ("/?=x", ["", "x"]), ("/?a=b?c/d", ["a", "b?c/d"]),
    ]

    @Test("has a query in order, with plus as space", arguments: queries)
    func query(raw: String, items: [String]) throws {
        let query = try RequestTarget(parsing: Array(raw.utf8)).query
        #expect(query.flatMap { [$0.name, $0.value] } == items)
    }
}
