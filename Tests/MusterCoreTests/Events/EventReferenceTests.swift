import MusterCore
import MusterRuntime
import Testing

@Suite struct EventReferenceTests {
    @Test("The reference says when each type of event comes, and of no other")
    func complete() throws {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        let text = String(
            decoding: try TextFile.read(root + "/docs/reference/events.md", limit: 1 << 20), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let named = rows.flatMap { row in
            row.split(separator: "|")[0].split(separator: ",").map {
                $0.split(separator: "`").dropFirst().first.map(String.init) ?? ""
            }
        }
        #expect(named.sorted() == EventType.allCases.map(\.shortName).sorted())
    }
}
