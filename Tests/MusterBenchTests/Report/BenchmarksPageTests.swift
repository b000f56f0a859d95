import MusterRuntime
import Testing

@testable import MusterBench

@Suite("docs/reference/benchmarks.md")
struct BenchmarksPageTests {
    private static let text: String = {
        let folder = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        let bytes = try? TextFile.read(folder + "/docs/reference/benchmarks.md", limit: 1 << 20)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }()

    @Test("explains every bound with its number", arguments: Budgets.all.map(\.name))
    func bounds(name: String) throws {
        let row = try #require(
            Self.text.split(separator: "\n").first { $0.hasPrefix("| ") && $0.contains("`\(name)`") })
        let budget = try #require(Budgets.all.first { $0.name == name })
        let shown =
            switch budget.bound {
            case .below(let value): "< \(Self.number(value)) "
            case .atLeast(let value): "≥ \(Self.number(value)) "
            case .atMost(let value): "≤ \(Self.number(value)) "
            }
        #expect(row.contains("| \(shown)"), "\(row)")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    @Test("explains every option", arguments: Invocation.options)
    func options(name: String) {
        #expect(name == "--help" || Self.text.contains("`\(name)"))
    }

    @Test("has a section for every benchmark", arguments: Benchmark.all.map(\.name))
    func sections(name: String) {
        #expect(Self.text.contains("### `\(name)`"))
    }
}
