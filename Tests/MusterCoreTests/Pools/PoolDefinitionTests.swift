import MusterCrypto
import MusterRuntime
import Testing

@testable import MusterCore

@Suite("A pool's definition")
struct PoolDefinitionTests {
    static func read(_ yaml: String, id: PoolID? = nil, path: String = "") throws -> PoolDefinition {
        try PoolDefinition(
            YAML.document(Array(yaml.utf8)), id: id, path: path, digest: SHA256.hash)
    }

    /// What is wrong with a definition, a line for each problem.
    static func problems(_ yaml: String, id: PoolID? = nil, path: String = "") throws -> [String] {
        do {
            _ = try read(yaml, id: id, path: path)
            return []
        } catch let problems as Problems {
            return problems.all.map(\.description)
        }
    }

    @Test("The least that it must say, and what holds for the rest")
    func defaults() throws {
        let pool = try Self.read(
            """
            workerPoolId: a/b
            providerId: local
            config: {maxCapacity: 5}
            """)
        #expect(
            pool
                == PoolDefinition(
                    id: PoolID(rawValue: "a/b"), providerID: ProviderID(rawValue: "local"), description: "",
                    owner: "", emailOnError: false,
                    scale: PoolScale(minCapacity: 0, maxCapacity: 5, scalingRatio: 1), lifecycle: Lifecycle(),
                    launchConfigs: []))
        let times = pool.lifecycle
        #expect(times.launchTimeout == .seconds(300) && times.registrationTimeout == .seconds(900))
        #expect(times.firstContactTimeout == .seconds(300) && times.suspicionTimeout == .seconds(120))
        #expect(times.queueInactivityTimeout == .seconds(7_200) && times.maximumLifetime == nil)
        #expect(times.reregistrationTimeout == .seconds(345_600) && times.idleTimeout == .seconds(120))
        #expect(times.stoppingTimeout == .seconds(600) && times.claimTimeout == .seconds(120))
    }

    /// All that the worker-manager API's shape has, with the members that it sends along and ignores.
    static let full = """
        workerPoolId: proj-a/build
        providerId: local
        description: builds
        owner: someone@example.com
        emailOnError: true
        created: 2026-01-01T00:00:00.000Z
        lastModified: 2026-01-02T00:00:00.000Z
        config:
          minCapacity: 1
          maxCapacity: 40
          scalingRatio: 0.5
          lifecycle: {registrationTimeout: 1800, reregistrationTimeout: 3600, queueInactivityTimeout: 1200.5,
            launchTimeout: 10, firstContactTimeout: 20, suspicionTimeout: 30, maximumLifetime: 86400,
            idleTimeout: 0, stoppingTimeout: 40, claimTimeout: 50}
          launchConfigs:
            - workerManager: {launchConfigId: named, capacityPerInstance: 4, initialWeight: 0.25, maxCapacity: 8}
              environment: {A: "1"}
            - environment: {B: "2"}
        """

    @Test("Everything that it may say is read")
    func everything() throws {
        let pool = try Self.read(Self.full)
        #expect(pool.id.rawValue == "proj-a/build" && pool.description == "builds" && pool.emailOnError)
        #expect(pool.owner == "someone@example.com")
        #expect(pool.scale == PoolScale(minCapacity: 1, maxCapacity: 40, scalingRatio: 0.5))
        #expect(pool.lifecycle.queueInactivityTimeout == .milliseconds(1_200_500))
        #expect(pool.lifecycle.idleTimeout == .zero && pool.lifecycle.maximumLifetime == .seconds(86_400))
        #expect(pool.launchConfigs.count == 2)
        let named = pool.launchConfigs[0]
        #expect(named.id.rawValue == "named")
        #expect(
            named.settings
                == LaunchConfigSettings(capacityPerInstance: 4, initialWeight: 0.25, maxCapacity: 8))
        // What only Muster reads is no part of what the cloud sees.
        #expect(named.content.canonicalJSON == #"{"environment":{"A":"1"}}"#)
        #expect(pool.launchConfigs[1].settings == LaunchConfigSettings())
    }

    @Test("What the API shows can be sent back: it means the same, ids included")
    func roundTrip() throws {
        let pool = try Self.read(Self.full)
        let shown = pool.document
        let again = try PoolDefinition(
            JSON.document(Array(shown.canonicalJSON.utf8)), id: pool.id, digest: SHA256.hash)
        #expect(again.document.canonicalJSON == shown.canonicalJSON)
        #expect(again.scale == pool.scale && again.lifecycle == pool.lifecycle)
        #expect(again.launchConfigs.map(\.id) == pool.launchConfigs.map(\.id))
        #expect(again.launchConfigs.map(\.settings) == pool.launchConfigs.map(\.settings))
        #expect(
            again.launchConfigs.map(\.content.canonicalJSON)
                == pool.launchConfigs.map(\.content.canonicalJSON)
        )
        #expect(shown["config"]?["lifecycle"]?["queueInactivityTimeout"]?.canonicalJSON == "1200.5")
        let kept = pool.documentWithoutLaunchConfigs
        #expect(kept["launchConfigs"] == nil && kept["maxCapacity"]?.canonicalJSON == "40")
    }

    @Test("The request's own pool decides, and a document that names another is refused")
    func pathAndDocument() throws {
        let id = PoolID(rawValue: "a/b")
        #expect(try Self.read("{providerId: local, config: {maxCapacity: 1}}", id: id).id == id)
        #expect(
            try Self.read("{workerPoolId: a/b, providerId: local, config: {maxCapacity: 1}}", id: id).id == id
        )
        #expect(
            try Self.problems("{workerPoolId: a/c, providerId: local, config: {maxCapacity: 1}}", id: id) == [
                "line 1: workerPoolId: is not the pool of the request, a/b [input-invalid]"
            ])
    }

    /// A refusal: what is written, with a definition around it that is right, and what is said of it.
    struct Refusal: CustomTestStringConvertible {
        let yaml: String
        let problem: String
        var testDescription: String { problem }

        init(_ yaml: String, _ problem: String) {
            self.yaml = yaml
            self.problem = problem
        }

        /// In the pool's config, from line 4.
        static func config(_ yaml: String, _ problem: String) -> Refusal {
            Refusal(
                "workerPoolId: a/b\nproviderId: local\nconfig:\n"
                    + (yaml.hasPrefix("maxCapacity:") ? "" : "  maxCapacity: 5\n")
                    + yaml.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"), problem)
        }

        /// At the top, from line 4.
        static func top(_ yaml: String, _ problem: String) -> Refusal {
            Refusal("workerPoolId: a/b\nproviderId: local\nconfig: {maxCapacity: 5}\n\(yaml)", problem)
        }
    }

    static let refusals: [Refusal] = [
        Refusal("providerId: local\nconfig: {maxCapacity: 5}", "line 1: workerPoolId: is missing"),
        Refusal("workerPoolId: a/b\nconfig: {maxCapacity: 5}", "line 1: providerId: is missing"),
        Refusal(
            "workerPoolId: 7\nproviderId: local\nconfig: {maxCapacity: 5}",
            "line 1: workerPoolId: must be a string, not an integer"),
        Refusal(
            "providerId: no space\nworkerPoolId: a/b\nconfig: {maxCapacity: 5}",
            #"line 1: providerId: "no space" is not a provider id: 1 to 38 letters, digits, - and _"#),
        .top("description: [1]", "line 4: description: must be a string, not a list"),
        .top("owner: somebody", "line 4: owner: must be an e-mail address"),
        .top("emailOnError: maybe", "line 4: emailOnError: must be true or false, not a string"),
        .top("descripton: x", "line 4: descripton: is not a known field; did you mean description?"),
        .config("maxCapacity: -1", "line 4: config.maxCapacity: must be from 0 to 1000000, not -1"),
        .config("maxCapacity: 2.5", "line 4: config.maxCapacity: must be a whole number, not a number"),
        .config("minCapacity: 6", "line 5: config.minCapacity: is above maxCapacity, 5"),
        .config("scalingRatio: 1.5", "line 5: config.scalingRatio: must be from 0.0 to 1.0, not 1.5"),
        .config(
            "maxCapasity: 9", "line 5: config.maxCapasity: is not a known field; did you mean maxCapacity?"),
        .config("lifecycle: 5", "line 5: config.lifecycle: must be an object, not an integer"),
        .config(
            "lifecycle:\n  claimTimeout: 0",
            "line 6: config.lifecycle.claimTimeout: must be from 1.0 to 31622400.0, not 0.0"),
        .config(
            "lifecycle:\n  reregistrationTimeout: 59",
            "line 6: config.lifecycle.reregistrationTimeout: must be from 60.0 to 31622400.0, not 59.0"),
        .config(
            "lifecycle:\n  maximumLifetime: 59",
            "line 6: config.lifecycle.maximumLifetime: must be from 60.0 to 31622400.0, not 59.0"),
        .config(
            "lifecycle:\n  idleTimeout: 40000000",
            "line 6: config.lifecycle.idleTimeout: must be from 0.0 to 31622400.0, not 40000000.0"),
        .config(
            "lifecycle:\n  idletimeout: 4",
            "line 6: config.lifecycle.idletimeout: is not a known field; did you mean idleTimeout?"),
        .config("launchConfigs: {}", "line 5: config.launchConfigs: must be a list, not an object"),
        .config(
            "launchConfigs:\n  - 7", "line 6: config.launchConfigs[0]: must be an object, not an integer"),
        .config("launchConfigs:\n  -", "line 6: config.launchConfigs[0]: must be an object, not null"),
        .config(
            "launchConfigs:\n  - {}\n  - workerManager:\n      capacityPerInstance: 0",
            "line 8: config.launchConfigs[1].workerManager.capacityPerInstance: must be from 1 to 10000, not 0"
        ),
        .config(
            "launchConfigs:\n  - workerManager:\n      initialWeight: 2",
            "line 7: config.launchConfigs[0].workerManager.initialWeight: must be from 0.0 to 1.0, not 2.0"),
        .config(
            "launchConfigs:\n  - workerManager:\n      maxCapacity: -2",
            "line 7: config.launchConfigs[0].workerManager.maxCapacity: must be from 0 to 1000000, not -2"),
        .config(
            "launchConfigs:\n  - workerManager:\n      launchConfigId: a/b",
            "line 7: config.launchConfigs[0].workerManager.launchConfigId: "
                + #""a/b" is not a launch config id: 1 to 38 letters, digits, - and _"#),
        .config(
            "launchConfigs:\n  - workerManager:\n      initialweight: 1",
            "line 7: config.launchConfigs[0].workerManager.initialweight: is not a known field; "
                + "did you mean initialWeight?"),
        .config(
            "launchConfigs:\n  - workerManager: {launchConfigId: x}\n  - workerManager: {launchConfigId: x}\n"
                + "    user: y",
            "line 7: config.launchConfigs[1].workerManager.launchConfigId: x is named twice in this pool"),
        .config(
            "launchConfigs:\n  - workerManager: {capacityPerInstance: 8}\n"
                + "  - workerManager: {capacityPerInstance: 6}\n    user: y",
            "line 4: config.maxCapacity: is 5, but the smallest launch config has 6 per instance"),
    ]

    @Test("Each refusal names the field and the line", arguments: refusals)
    func refused(refusal: Refusal) throws {
        let code = refusal.problem.contains("is not a known field") ? "field-unknown" : "input-invalid"
        #expect(try Self.problems(refusal.yaml) == ["\(refusal.problem) [\(code)]"])
    }

    @Test("What is missing is not also said to be too small")
    func noConsequences() throws {
        #expect(
            try Self.problems("workerPoolId: a/b\nproviderId: local\nconfig:\n  minCapacity: 5") == [
                "line 4: config.maxCapacity: is missing [input-invalid]"
            ])
        #expect(
            try Self.problems(
                "workerPoolId: a/b\nproviderId: local\nconfig:\n  minCapacity: 5\n  maxCapacity: many") == [
                    "line 5: config.maxCapacity: must be a whole number, not a string [input-invalid]"
                ])
        #expect(
            try Self.problems("workerPoolId: a/b\nproviderId: local") == [
                "line 1: config: is missing [input-invalid]"
            ])
    }

    @Test("All problems are told at once, in the order of their lines where they are of one kind")
    func allAtOnce() throws {
        let problems = try Self.problems(
            """
            workerPoolId: nobody
            owner: nobody
            colour: red
            config:
              minCapacity: 9
              maxCapacity: 8
              lifecycle: {launchTimeout: soon}
              launchConfigs:
                - workerManager: {capacityPerInstance: none}
                - 3
            """, path: "workerPools[4]")
        let fields = problems.map { $0.split(separator: " ")[2].dropLast() }
        #expect(
            Set(fields)
                == [
                    "workerPools[4].workerPoolId", "workerPools[4].providerId", "workerPools[4].owner",
                    "workerPools[4].colour", "workerPools[4].config.minCapacity",
                    "workerPools[4].config.lifecycle.launchTimeout",
                    "workerPools[4].config.launchConfigs[0].workerManager.capacityPerInstance",
                    "workerPools[4].config.launchConfigs[1]",
                ])
        #expect(problems.count == 8)
    }

    @Test("A pool that may have nothing need have no launch config that fits")
    func nothing() throws {
        let pool = try Self.read(
            """
            workerPoolId: a/b
            providerId: local
            config: {maxCapacity: 0, launchConfigs: [{workerManager: {capacityPerInstance: 8}}]}
            """)
        #expect(pool.scale.maxCapacity == 0 && pool.launchConfigs.count == 1)
    }

    @Test("A pause holds until its time, or until somebody resumes")
    func pause() {
        #expect(Pause().holds(at: noon))
        #expect(Pause(until: noon + .milliseconds(1)).holds(at: noon))
        #expect(!Pause(until: noon).holds(at: noon))
    }

    @Test("A change notes only what differs")
    func change() {
        var change = PoolChange(PoolID(rawValue: "a/b"), [])
        change.note("maxCapacity", 3, 3)
        #expect(change.isEmpty)
        change.note("maxCapacity", 3, 4)
        change.note("owner", "", "a@b")
        #expect(change.changes == [.init("maxCapacity", "3 → 4"), .init("owner", " → a@b")])
        #expect(change.document.canonicalJSON == #"{"changes":["maxCapacity: 3 → 4","owner:  → a@b"]}"#)
    }
}
