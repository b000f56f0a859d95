import MusterCore
import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterClouds
@testable import MusterCommand

/// A field without a row in the page, a row without a field, and a default that is another one fail here.
@Suite("docs/reference/pool-definition.md")
struct PoolPageTests {
    /// Definitions of nothing but what they need. In one of them every object is there that the code looks into.
    private static let bases = [
        base(), base(#","limit": {"slots": 1}"#), base(#","source": {"kind": "file", "path": "/a"}"#),
        base(#","schedule": [{"cron": "@daily", "duration": 60, "minimum": 1, "headroom": 1}]"#),
        base(#","source": {"kind": "http", "url": "https://a", "headers": {"NAME": {"secret": "b"}}}"#),
    ]

    private static func base(_ members: String = "") -> String {
        #"{"workerPoolId": "a/b", "providerId": "local", "config": {"maxCapacity": 1, "launchConfigs": [{}]\#(members)}}"#
    }

    private func definition(_ document: Document) throws -> PoolDefinition {
        try PoolDefinition(document, digest: SHA256.hash)
    }

    /// What the code reads of each of them, lists' elements without their numbers.
    private func asked() throws -> [(base: Document, keys: Set<String>)] {
        try Self.bases.map { text in
            let base = try JSON.document(Array(text.utf8))
            let pool = DocumentReader(recording: base)
            _ = try PoolDefinition(pool, digest: SHA256.hash)
            let content = DocumentReader(recording: .object([:]))
            _ = LocalContent.read(content, users: AllowedUsers(names: []))
            let keys = pool.asked.union(content.asked.map { "config.launchConfigs." + $0 })
            return (base, Set(keys.map { $0.replacing("[0]", with: "") }))
        }
    }

    @Test("names every field that the code reads, and no other")
    func fields() throws {
        let named = try ReferencePage("pool-definition.md").rows.map(\.key)
        let asked = try asked().reduce(into: Set()) { $0.formUnion($1.keys) }
        // What only holds other fields is explained by these.
        let missing = asked.subtracting(asked.flatMap(\.parents)).subtracting(named).sorted()
        #expect(missing.isEmpty, "add a row `| `FIELD` | DEFAULT | MEANING |` for each of these")
        let unknown = Set(named).subtracting(asked).sorted()
        #expect(unknown.isEmpty, "the code does not read these; or none of the definitions above lets it")
        #expect(Set(named).count == named.count, "a field is named twice")
    }

    @Test("gives the defaults that hold")
    func defaults() throws {
        let asked = try asked()
        for row in try ReferencePage("pool-definition.md").rows {
            guard let base = asked.first(where: { $0.keys.contains(row.key) })?.base else { continue }
            let usual = try definition(base)
            switch row.standard {
            case .value(let value):
                let written = try definition(base.setting(row.key, to: value))
                #expect(
                    written.withoutContents == usual.withoutContents,
                    "\(row.key): another default than \(value.canonicalJSON) holds")
            case .none:
                // What the API shows of the pool has no such field, unless the base has it.
                let shown = usual.document.at(row.key)
                #expect(shown == nil || base.at(row.key) != nil, "\(row.key) has a default")
            case .made: break
            case .required:
                #expect(throws: Problems.self, "\(row.key) is not required") {
                    _ = try definition(base.setting(row.key, to: nil))
                }
            }
        }
    }
}

extension PoolDefinition {
    /// The same without what only a cloud sees, and what is named after that.
    fileprivate var withoutContents: PoolDefinition {
        var same = self
        for index in same.launchConfigs.indices {
            same.launchConfigs[index].content = .object([:])
            same.launchConfigs[index].id = LaunchConfigID(rawValue: "any")
        }
        return same
    }
}

extension Document {
    /// What stands at a path; of a list, in its first element.
    fileprivate func at(_ path: String) -> Document? {
        path.split(separator: ".").reduce(self) { document, name in
            guard case .array(let elements)? = document?.value else { return document?[String(name)] }
            return elements.first?[String(name)]
        }
    }
}
