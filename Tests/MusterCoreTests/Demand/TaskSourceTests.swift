import MusterCore
import MusterCrypto
import MusterRuntime
import Testing

@Suite("A pool's task source")
struct TaskSourceTests {
    private func definition(_ config: String) throws -> PoolDefinition {
        let yaml = """
            workerPoolId: a/b
            providerId: local
            config:
              maxCapacity: 2
            \(config.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
            """
        return try PoolDefinition(YAML.document(Array(yaml.utf8)), digest: SHA256.hash)
    }

    private func problems(_ config: String) -> [String] {
        do {
            _ = try definition(config)
            return []
        } catch let problems as Problems {
            return problems.all.map { "\($0.field ?? ""): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("is Muster's queue unless the definition says otherwise")
    func queue() throws {
        #expect(try definition("").source == .queue)
        #expect(try definition("source: queue").source == .queue)
        #expect(try definition("source: queue").lifecycle.claimsFromQueue)
    }

    @Test("is read with its pointers, headers and times, and written as it was read")
    func http() throws {
        let definition = try definition(
            """
            registration: none
            source:
              kind: http
              url: https://ci.example.com/counts
              headers: {Authorization: {secret: ci, prefix: "Bearer "}, Accept: application/json}
              pending: /queue/waiting
              claimed: none
              observedAt: /at
              idle: /idle
              timeout: 5
              interval: 20
              staleness: 60
            """)
        let source = try #require(definition.source.external)
        #expect(
            source.place
                == .http(
                    url: "https://ci.example.com/counts",
                    headers: [
                        .init("Authorization", .secret(name: "ci", prefix: "Bearer ")),
                        .init("Accept", .text("application/json")),
                    ], timeout: .seconds(5)))
        #expect(source.pending == JSONPointer("/queue/waiting") && source.claimed == nil)
        #expect(source.observedAt == JSONPointer("/at") && source.idle == JSONPointer("/idle"))
        #expect(source.interval == .seconds(20) && source.staleness == .seconds(60))
        #expect(definition.lifecycle.registration == .none && !definition.lifecycle.claimsFromQueue)
        #expect(try PoolDefinition(definition.document, digest: SHA256.hash) == definition)
    }

    @Test("has numbers at /pending and /claimed unless the definition says otherwise")
    func file() throws {
        let source = try #require(
            try definition("source: {kind: file, path: /run/demand.json}").source.external)
        #expect(source.place == .file(path: "/run/demand.json"))
        #expect(source.pending == JSONPointer("/pending") && source.claimed == JSONPointer("/claimed"))
        #expect(source.observedAt == nil && source.idle == nil)
    }

    @Test(
        "that makes no sense is refused with its field",
        arguments: [
            ("source: elsewhere", "config.source: must be queue"),
            ("source: {url: https://a/b}", "config.source.kind: is missing"),
            ("source: {kind: smtp}", "config.source.kind: must be one of"),
            ("source: {kind: http, url: ftp://a}", "config.source.url: must begin with"),
            ("source: {kind: http}", "config.source.url: must begin with"),
            ("source: {kind: file, path: demand.json}", "config.source.path: must be an absolute path"),
            ("source: {kind: file, path: /a/../b}", "config.source.path: must be an absolute path"),
            ("source: {kind: file, path: /a, pending: x}", "config.source.pending: must be a JSON pointer"),
            ("source: {kind: file, path: /a, url: b}", "config.source.url: is not a known field"),
            (
                "source: {kind: file, path: /a, interval: 100, staleness: 10}",
                "config.source.interval: is longer"
            ),
            (
                "source: {kind: http, url: https://a, headers: {X: {}}}",
                "config.source.headers.X.secret: must name"
            ),
            (
                "source: {kind: http, url: https://a, headers: {X: 3}}",
                "config.source.headers.X: must be an object"
            ),
            ("source: {kind: http, url: https://a, headers: 3}", "config.source.headers: must be an object"),
            ("registration: none", "config.registration: is none, but the source is Muster's queue"),
            ("registration: maybe", "config.registration: must be one of required, none"),
            ("instancesPerHour: 0", "config.instancesPerHour: must be from 1"),
        ])
    func refused(config: String, problem: String) {
        let found = problems(config)
        #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
    }

    @Test("every slot may be replaced once a minute unless the definition has a brake of its own")
    func brake() throws {
        #expect(try definition("").scale.brake == 120)
        #expect(try definition("instancesPerHour: 7").scale.brake == 7)
    }
}
