import MusterCore
import MusterRuntime
import Testing

@testable import MusterSimulator

@Suite("docs/reference/simulate.md")
struct SimulatePageTests {
    private let page: String

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
        let bytes = try TextFile.read("\(root)/docs/reference/simulate.md", limit: 1 << 20)
        page = String(decoding: bytes, as: UTF8.self)
    }

    @Test("names every setting, fault, measure and member that is read")
    func names() {
        let settings = DocumentReader(recording: Document(.object([])))
        _ = SimulatedPoolSettings(settings)
        let cloud = DocumentReader(recording: Document(.object([])))
        _ = CloudScript(cloud, configs: [])
        let stream = DocumentReader(recording: Document(.object([])))
        _ = TaskStream(stream)
        let names =
            settings.asked.union(cloud.asked).union(stream.asked)
            .union(CloudFault.Word.allCases.map(\.rawValue)).union(Measure.allCases.map(\.rawValue))
            .union(NamedFaults.allCases.map(\.rawValue)).union(Priority.allCases.map(\.rawValue))
        #expect(names.count > 40)
        for name in names.sorted() { #expect(page.contains("`\(name)`"), "`\(name)` is missing") }
    }
}
