import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster provider, validate and static workers", .timeLimit(.minutes(2)))
    struct ProviderCommandTests {
        /// A folder with a configuration of a fake Docker, and no database.
        private func folder(_ engine: inout FakeDocker?) throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            engine = try FakeDocker(in: folder.path, clock: SystemClock())
            let yaml = """
                state: \(folder.path)/state
                providers:
                  box: {kind: docker, socket: \(folder.path)/docker.sock, serviceURL: "http://muster.example"}
                  hand: {kind: static}
                """
            try DurableFile.write(Array(yaml.utf8), to: folder.path + "/muster.yaml", mode: 0o644)
            let pool = """
                workerPoolId: a/b
                providerId: box
                config: {maxCapacity: 1, launchConfigs: [{image: "there:1"}]}
                """
            try DurableFile.write(Array(pool.utf8), to: folder.path + "/pool.yaml", mode: 0o644)
            return folder
        }

        @Test(
            "tries the providers without a service or a database, leaves nothing, and fails when something is bad"
        )
        func check() async throws {
            var engine: FakeDocker?
            let folder = try folder(&engine)
            func run(_ words: String...) async throws -> ProgramOutcome {
                try await MusterProgram.run(words, in: folder.path)
            }
            let good = try await run("provider", "check")
            #expect(good.status == .code(0), "\(good.errors)")
            #expect(good.output.contains("Docker 27.3.1 answers on") && good.output.contains("skipped"))
            let list = try await run("provider", "list")
            #expect(list.status == .code(0) && list.output.contains("docker"))
            engine?.fail("GET /networks/", times: 9, .refuses(404, "network bridge not found"))
            let bad = try await run("provider", "check", "box", "--json")
            #expect(bad.status == .code(1))
            let findings = try JSON.document(Array(bad.output.utf8))["providers"]
            guard case .array(let providers)? = findings?.value else {
                Issue.record("no providers")
                return
            }
            #expect(providers.map { $0["providerId"]?.value } == [.string("box")])
            #expect(access(folder.path + "/state", F_OK) != 0)
            let gone = try await run("provider", "check", "nobody")
            #expect(gone.status == .code(1) && gone.errors.contains("there are box, hand"))
        }

        @Test("holds launch configs against their provider before they are applied")
        func validate() async throws {
            var engine: FakeDocker?
            let folder = try folder(&engine)
            let bad = try await MusterProgram.run(
                ["launch-config", "validate", "pool.yaml"], in: folder.path)
            #expect(bad.status == .code(1) && bad.output.contains("bad"), "\(bad.output) \(bad.errors)")
            engine?.has(images: ["there:1"])
            let good = try await MusterProgram.run(
                ["launch-config", "validate", "pool.yaml"], in: folder.path)
            #expect(good.status == .code(0) && good.output.contains("the engine has there:1"))
            let none = try await MusterProgram.run(["launch-config", "validate", "no.yaml"], in: folder.path)
            #expect(none.status == .code(2))
        }

        @Test("A static worker runs a task with the secret of its file, and takes a new one after its end")
        func staticWorker() async throws {
            let fleet = try await MusterFleet()
            _ = try fleet.file(
                "pool.yaml",
                "workerPoolId: lab/macs\nproviderId: hand\nconfig: {maxCapacity: 0, launchConfigs: [{}]}\n")
            let secret = try fleet.file("secret", "s3cret-of-the-first-machine\n")
            try await fleet.start()
            _ = try await fleet.muster("apply", "-f", "pool.yaml")
            let name = ["lab/macs", "rack", "mac-1"]
            let short = try fleet.file("short", "x\n")
            let refused = try await fleet.muster(["worker", "create"] + name + ["--secret-file", short])
            #expect(refused.status == .code(1) && refused.errors.contains("22 to 1024"))
            let made = try await fleet.muster(["worker", "create"] + name + ["--secret-file", secret])
            #expect(made.status == .code(0) && made.output.contains("is made"), "\(made.errors)")
            _ = try await fleet.muster("task", "submit", "lab/macs", "--id", "t1", "--", "true")
            let worker = try MusterProgram.start(
                ["worker"], in: fleet.folder.path,
                environment: [
                    "MUSTER_WORKER_URL": try #require(fleet.url), "MUSTER_WORKER_POOL": "lab/macs",
                    "MUSTER_WORKER_PROVIDER": "hand", "MUSTER_WORKER_GROUP": "rack",
                    "MUSTER_WORKER_ID": "mac-1", "MUSTER_WORKER_SECRET_FILE": secret,
                    "MUSTER_WORKER_FOLDER": fleet.folder.path + "/mac-1",
                ])
            try await fleet.until("the task's end") { try await fleet.task("t1").state == "completed" }
            // The secret stays: the machine may start its program again.
            #expect(access(secret, F_OK) == 0)
            worker.child.signal(SIGTERM)
            #expect(await worker.outcome().status == .code(0))
            let removed = try await fleet.muster(["worker", "remove"] + name)
            #expect(removed.status == .code(0) && removed.output.contains("is gone"))
            await fleet.stop()
        }
    }
}
