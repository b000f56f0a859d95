import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterCore

@Suite("A launch config's name")
struct LaunchConfigDefinitionTests {
    private func ids(_ configs: String) throws -> [String] {
        try PoolDefinitionTests.read(
            """
            workerPoolId: a/b
            providerId: local
            config:
              maxCapacity: 5
              launchConfigs: \(configs)
            """
        ).launchConfigs.map(\.id.rawValue)
    }

    // printf '%s' '{"environment":{"A":"1","B":"2"}}' | sha256sum
    private static let derived = "lc-536ee3c39b9e77957aec"
    // printf '%s' '{}' | sha256sum
    private static let derivedOfNothing = "lc-44136fa355b3678a1146"

    @Test("is the one it gives itself, else made from what the cloud sees")
    func named() throws {
        #expect(try ids("[{workerManager: {launchConfigId: mine}}]") == ["mine"])
        #expect(try ids("[{}]") == [Self.derivedOfNothing])
        #expect(try ids("[{environment: {A: '1', B: '2'}}]") == [Self.derived])
    }

    @Test("and its capacity stands in workerManager, or beside it as in older ones")
    func capacity() throws {
        func capacity(_ config: String) throws -> Int {
            let text = """
                workerPoolId: a/b
                providerId: local
                config:
                  maxCapacity: 5
                  launchConfigs: [\(config)]
                """
            return try PoolDefinitionTests.read(text).launchConfigs[0].settings.capacityPerInstance
        }
        #expect(try capacity("{}") == 1)
        #expect(try capacity("{capacityPerInstance: 3}") == 3)
        #expect(try capacity("{capacityPerInstance: 3, workerManager: {capacityPerInstance: 2}}") == 2)
        #expect(throws: Problems.self) { try capacity("{capacityPerInstance: 0}") }
    }

    @Test("does not change with the order of members or with what only Muster sees")
    func stable() throws {
        #expect(try ids("[{environment: {B: '2', A: '1'}}]") == [Self.derived])
        #expect(
            try ids(
                "[{workerManager: {initialWeight: 0.5, maxCapacity: 3}, environment: {A: '1', B: '2'}}]")
                == [Self.derived])
        #expect(try ids("[{environment: {A: '1', B: '3'}}]") != [Self.derived])
    }

    @Test("has an ordinal when others of the pool have the same content, and theirs are not taken away")
    func ordinals() throws {
        let stem = Self.derivedOfNothing
        #expect(
            try ids("[{}, {workerManager: {initialWeight: 0.5}}, {user: x}, {}]").enumerated()
                .filter { $0.offset != 2 }.map(\.element) == [stem, "\(stem)-2", "\(stem)-3"])
        #expect(try ids("[{workerManager: {launchConfigId: \(stem)}}, {}]") == [stem, "\(stem)-2"])
        #expect(try ids("[{workerManager: {launchConfigId: mine}}, {}]") == ["mine", stem])
    }

    @Test("fits the pattern of names, ordinals included")
    func pattern() throws {
        let ids = try ids("[" + Array(repeating: "{}", count: 1_000).joined(separator: ", ") + "]")
        #expect(Set(ids).count == 1_000)
        #expect(ids.allSatisfy(LaunchConfigID.accepts))
    }

    @Test("is shown with the settings, before the content")
    func shown() throws {
        let pool = try PoolDefinitionTests.read(
            """
            workerPoolId: a/b
            providerId: local
            config: {maxCapacity: 5, launchConfigs: [{user: x, workerManager: {maxCapacity: 3}}]}
            """)
        let id = pool.launchConfigs[0].id
        #expect(
            pool.launchConfigs[0].document.canonicalJSON
                == #"{"user":"x","workerManager":{"capacityPerInstance":1,"initialWeight":1,"#
                + #""launchConfigId":"\#(id)","maxCapacity":3}}"#)
    }

    @Test("keeps what a provider reads of the settings with the content, as worker-manager has it")
    func settingsOfProviders() throws {
        let text = "[{location: x, workerManager: {publicIp: true, maxCapacity: 3}}]"
        let pool = try PoolDefinitionTests.read(
            "{workerPoolId: a/b, providerId: azure, config: {maxCapacity: 5, launchConfigs: \(text)}}")
        let config = pool.launchConfigs[0]
        #expect(config.content["workerManager"]?.canonicalJSON == #"{"publicIp":true}"#)
        #expect(config.settings.maxCapacity == 3)
        #expect(
            config.document.canonicalJSON
                == #"{"location":"x","workerManager":{"capacityPerInstance":1,"initialWeight":1,"#
                + #""launchConfigId":"\#(config.id)","maxCapacity":3,"publicIp":true}}"#)
        // Read again it is the same.
        let shown = config.document.canonicalJSON
        let again = try PoolDefinitionTests.read(
            "{workerPoolId: a/b, providerId: azure, config: {maxCapacity: 5, launchConfigs: [\(shown)]}}")
        #expect(again.launchConfigs[0].id == config.id)
        #expect(again.launchConfigs[0].content.canonicalJSON == config.content.canonicalJSON)
        #expect(try ids(text) != (try ids("[{location: x}]")))
    }
}
