import MusterCore
import MusterRuntime
import Testing

@testable import MusterCommand

/// A key without a row in the page, a row without a key, and a default that is another one fail here.
@Suite("docs/reference/configuration.md")
struct ConfigurationPageTests {
    private static let folder = "/somewhere"

    private func load(_ document: Document) throws -> Configuration {
        let reader = DocumentReader(document)
        let configuration = Configuration(reader, file: nil, folder: Self.folder)
        if let problems = Problems(reader.found) { throw problems }
        return configuration
    }

    /// What the code reads of files in which every object is there that can be, one for each kind of provider.
    private var asked: Set<String> {
        ProviderSettings.KindName.allCases.reduce(into: []) { asked, kind in
            let full = Document.object([
                "providers": .object(["ID": .object(["kind": .string(kind.rawValue)])]),
                "secrets": .object(["NAME": .object(["environment": .string("TOKEN")])]),
            ])
            let reader = DocumentReader(recording: full)
            _ = Configuration(reader, file: nil, folder: Self.folder)
            asked.formUnion(reader.asked)
        }
    }

    @Test("names every key that the code reads, and no other")
    func keys() throws {
        let asked = asked
        let named = try ReferencePage("configuration.md").rows.map(\.key)
        // What only holds other keys is explained by these.
        let missing = asked.subtracting(asked.flatMap(\.parents)).subtracting(named).sorted()
        #expect(missing.isEmpty, "add a row `| `KEY` | DEFAULT | VARIABLE | MEANING |` for each of these")
        let unknown = Set(named).subtracting(asked).sorted()
        #expect(unknown.isEmpty, "the code does not read these; or the document above lacks what holds them")
        #expect(Set(named).count == named.count, "a key is named twice")
    }

    @Test("gives the defaults that hold")
    func defaults() throws {
        let usual = try load(Document(.null))
        for row in try ReferencePage("configuration.md").rows {
            switch row.standard {
            case .value(let value):
                let written = try load(Document(.null).setting(row.key, to: value))
                #expect(written == usual, "\(row.key): another default than \(value.canonicalJSON) holds")
            case .none:
                // What is absent is nothing, wherever that shows.
                #expect(usual.eventsFile == nil && usual.providers.isEmpty)
            case .made: break
            case .required:
                let without = Document(.null).setting(row.key, to: nil).setting(row.parent, to: .object([:]))
                #expect(throws: Problems.self, "\(row.key) is not required") { _ = try load(without) }
            }
        }
    }

    @Test("names every variable of the environment that the code reads")
    func variables() throws {
        let page = try ReferencePage("configuration.md")
        for row in page.rows {
            guard let variable = row.variable else { continue }
            var configuration = try load(Document(.null))
            let before = configuration
            let problems = configuration.override(by: [variable: "other"], folder: Self.folder)
            #expect(configuration != before || problems.first?.field == variable, "\(variable) does nothing")
        }
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        for file in ["Configuration/Configuration+environment.swift", "Service/MasterKeyFile.swift"] {
            let source = String(
                decoding: try TextFile.read("\(root)/Sources/MusterCommand/\(file)", limit: 1 << 20),
                as: UTF8.self)
            for part in source.split(separator: "\"") where part.hasPrefix("MUSTER_") {
                #expect(page.text.contains("`\(part)`"), "the page does not name \(part)")
            }
        }
    }
}

extension ReferencePage.Row {
    /// The path of the object that the key is in.
    fileprivate var parent: String { key.split(separator: ".").dropLast().joined(separator: ".") }
}

extension String {
    /// The paths of the objects that a key is in: `a` and `a.b` for `a.b.c`.
    var parents: [String] {
        let parts = split(separator: ".")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: ".") }
    }
}
