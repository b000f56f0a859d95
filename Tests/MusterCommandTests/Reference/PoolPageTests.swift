import MusterCore
import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterClouds
@testable import MusterCommand

/// A field without a row in the page, a row without a field, and a default that is another one fail here.
@Suite("docs/reference/pool-definition.md")
struct PoolPageTests {
    /// A definition of nothing but what it needs, with a launch config.
    private static let least = """
        {"workerPoolId": "a/b", "providerId": "local",
         "config": {"maxCapacity": 1, "launchConfigs": [{}]}}
        """

    /// A definition in which every object is there that the code looks into.
    private static let full = least

    private func least() throws -> Document { try JSON.document(Array(Self.least.utf8)) }

    private func definition(_ document: Document) throws -> PoolDefinition {
        try PoolDefinition(document, digest: SHA256.hash)
    }

    /// What the code reads of a pool, lists' elements without their numbers.
    private func asked() throws -> Set<String> {
        let pool = DocumentReader(recording: try JSON.document(Array(Self.full.utf8)))
        _ = try PoolDefinition(pool, digest: SHA256.hash)
        let content = DocumentReader(recording: .object([:]))
        _ = LocalContent.read(content, users: AllowedUsers(names: []))
        let asked = pool.asked.union(content.asked.map { "config.launchConfigs." + $0 })
        let keys = Set(asked.map { $0.replacing("[0]", with: "") })
        // What holds other keys is explained by these.
        return keys.subtracting(keys.flatMap(\.parents)).union(["config.launchConfigs"])
    }

    @Test("names every field that the code reads, and no other")
    func fields() throws {
        let named = try ReferencePage("pool-definition.md").rows.map(\.key)
        let asked = try asked()
        let missing = asked.subtracting(named).sorted()
        #expect(missing.isEmpty, "add a row `| `FIELD` | DEFAULT | MEANING |` for each of these")
        let unknown = Set(named).subtracting(asked).sorted()
        #expect(unknown.isEmpty, "the code does not read these")
        #expect(Set(named).count == named.count, "a field is named twice")
    }

    @Test("gives the defaults that hold")
    func defaults() throws {
        let least = try least()
        let usual = try definition(least)
        for row in try ReferencePage("pool-definition.md").rows {
            switch row.standard {
            case .value(let value):
                let written = try definition(least.setting(row.key, to: value))
                #expect(
                    written.withoutContents == usual.withoutContents,
                    "\(row.key): another default than \(value.canonicalJSON) holds")
            case .none:
                // What the API shows of the pool has no such field, unless somebody set it.
                let shown = usual.document.at(row.key)
                #expect(shown == nil || row.key == "config.launchConfigs", "\(row.key) has a default")
            case .made: break
            case .required:
                #expect(throws: Problems.self, "\(row.key) is not required") {
                    _ = try definition(least.setting(row.key, to: nil))
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
