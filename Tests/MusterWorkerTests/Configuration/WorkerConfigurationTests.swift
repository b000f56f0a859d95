import MusterCore
import Testing

@testable import MusterWorker

@Suite("A worker's configuration")
struct WorkerConfigurationTests {
    private static let environment = [
        "MUSTER_WORKER_URL": "https://muster.example:8443/", "MUSTER_WORKER_POOL": "owner/pool",
        "MUSTER_WORKER_PROVIDER": "local", "MUSTER_WORKER_GROUP": "here", "MUSTER_WORKER_ID": "w-0",
        "MUSTER_WORKER_FOLDER": "/var/lib/muster-worker", "MUSTER_WORKER_TOKEN_FILE": "/run/token",
        "MUSTER_SECRET": "x", "PATH": "/bin", "HOME": "/root",
    ]

    @Test("is read from the environment, of which the tasks get the rest")
    func whole() throws {
        let configuration = try WorkerConfiguration.fromEnvironment(Self.environment)
        #expect(configuration.worker.description == "owner/pool/here/w-0")
        #expect(configuration.providerID.rawValue == "local")
        #expect(configuration.workLimit == .tasks(1))
        #expect(configuration.folder == "/var/lib/muster-worker")
        #expect(configuration.proof == .token("/run/token"))
        #expect(configuration.drainTime == WorkerPolicy.drainTime)
        #expect(configuration.taskEnvironment == ["PATH": "/bin", "HOME": "/root"])
    }

    @Test("can be overridden")
    func overrides() throws {
        let configuration = try WorkerConfiguration.fromEnvironment(
            Self.environment, overrides: [.capacity: "unlimited", .drainSeconds: "5", .id: "w-1"])
        #expect(configuration.workLimit == .unlimited)
        #expect(configuration.drainTime == .seconds(5))
        #expect(configuration.worker.id.rawValue == "w-1")
    }

    @Test("names everything that is missing")
    func missing() throws {
        let problems = try #require(throws: Problems.self) { try WorkerConfiguration.fromEnvironment([:]) }
        #expect(
            Set(problems.all.compactMap(\.field)) == [
                "MUSTER_WORKER_URL", "MUSTER_WORKER_POOL", "MUSTER_WORKER_PROVIDER", "MUSTER_WORKER_GROUP",
                "MUSTER_WORKER_ID", "MUSTER_WORKER_FOLDER", "MUSTER_WORKER_TOKEN_FILE",
            ])
    }

    @Test(
        "refuses what cannot be",
        arguments: [
            ("MUSTER_WORKER_URL", "muster.example"), ("MUSTER_WORKER_URL", "ftp://muster.example"),
            ("MUSTER_WORKER_URL", "http+unix://socket"), ("MUSTER_WORKER_URL", "https://user@muster.example"),
            ("MUSTER_WORKER_POOL", "pool"), ("MUSTER_WORKER_GROUP", "a b"), ("MUSTER_WORKER_FOLDER", "here"),
            ("MUSTER_WORKER_CAPACITY", "many"), ("MUSTER_WORKER_DRAIN_SECONDS", "-1"),
        ])
    func refused(variable: String, value: String) throws {
        let problems = try #require(throws: Problems.self) {
            try WorkerConfiguration.fromEnvironment(Self.environment.merging([variable: value]) { $1 })
        }
        #expect(problems.all.map(\.field) == [variable])
    }

    @Test("may name a secret instead of a token, and not both")
    func secret() throws {
        var environment = Self.environment
        environment["MUSTER_WORKER_SECRET_FILE"] = "/etc/muster/secret"
        let problems = try #require(throws: Problems.self) {
            try WorkerConfiguration.fromEnvironment(environment)
        }
        #expect(problems.all.map(\.field) == ["MUSTER_WORKER_SECRET_FILE"])
        environment["MUSTER_WORKER_TOKEN_FILE"] = nil
        let configuration = try WorkerConfiguration.fromEnvironment(environment)
        #expect(configuration.proof == .secret("/etc/muster/secret"))
    }
}
