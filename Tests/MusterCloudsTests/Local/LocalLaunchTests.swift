import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Local launches", .timeLimit(.minutes(3))) struct LocalLaunchTests {
    @Test("instances run, are listed, and end when they are asked to") func lifecycle() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            let (instances, refusals) = try await provider.launch(2)
            #expect(refusals.isEmpty)
            #expect(provider.offerings(of: .object([:])) == [Offering(name: "local")])
            #expect(instances.map(\.id) == [scene.name(0), scene.name(1)])
            #expect(instances.map(\.workerID.rawValue) == instances.map(\.id))
            #expect(instances.allSatisfy { $0.state == .running && $0.startedAt == scene.clock.now() })
            #expect(instances.allSatisfy { $0.launchID == LocalScene.launch && $0.group.rawValue == "local" })
            #expect(try await provider.list() == instances)
            #expect(try await provider.found(LocalScene.launch) == instances)
            #expect(try await provider.found(LaunchID(rawValue: "other")).isEmpty)

            #expect(await provider.terminate([scene.name(0), "no-such", "../../etc"]).isEmpty)
            let gone = try await provider.untilEnded(scene)
            #expect(gone.state == .gone)
            #expect(gone.detail?.hasPrefix("signal 15; its output is in \(scene.folder)/") == true)
            let output = try #require(provider.output(of: gone.id, in: gone.group))
            #expect(gone.detail?.hasSuffix(output) == true && access(output, R_OK) == 0)
            #expect(provider.output(of: "../../etc", in: gone.group) == nil)
            #expect(try await provider.list().map(\.state) == [.gone, .running])
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
        }
    }

    @Test("the same call again starts nothing, whatever became of the instances") func repeats() async throws
    {
        try await LocalScene.run { scene in
            let script =
                "echo run >> \(scene.path("runs")); case $MUSTER_WORKER_ID in *-0) exit 7;; esac; exec sleep 600"
            let provider = scene.provider(script)
            _ = try await provider.launch(2)
            try await provider.untilEnded(scene)
            try await eventually { scene.text("runs") == "run\nrun\n" }
            for again in [provider, scene.provider(script)] {
                let (instances, refusals) = try await again.launch(2)
                #expect(instances.map(\.state) == [.gone, .running])
                #expect(instances[0].detail?.hasPrefix("exit code 7;") == true)
                #expect(refusals.isEmpty)
            }
            #expect(scene.text("runs") == "run\nrun\n")
        }
    }

    @Test("a folder without a record never ran: it is started, and nothing of it is left")
    func folderWithoutRecord() async throws {
        try await LocalScene.run { scene in
            for folder in ["instances", "instances/\(scene.name(0))", "instances/\(scene.name(0))/work"] {
                #expect(mkdir(scene.path(folder), 0o755) == 0)
            }
            try scene.write("old", to: "instances/\(scene.name(0))/work/old")
            try scene.write("old", to: "instances/\(scene.name(0))/worker.log")
            try scene.write("torn", to: "instances/\(scene.name(0))/instance.json.new.a1B2c3")
            let provider = scene.provider("ls work; exec sleep 600")
            #expect(try await provider.list().isEmpty)
            #expect(try await provider.launch().instances.map(\.state) == [.running])
            #expect(scene.text("instances/\(scene.name(0))/work/old") == nil)
            #expect(scene.output(scene.name(0)).contains("old") == false)
        }
    }

    @Test("a record without a process is an instance that is gone, and is never started")
    func recordWithoutProcess() async throws {
        try await LocalScene.run { scene in
            // As after a crash between the record and the opening of the gate.
            try await scene.forgeRecord(process: scene.endedProcess())
            let provider = scene.provider("touch \(scene.path("ran"))")
            let (instances, refusals) = try await provider.launch()
            #expect(instances.map(\.state) == [.gone])
            #expect(refusals.isEmpty)
            #expect(try await provider.list().map(\.state) == [.gone])
            #expect(try scene.record().end?.isSwept == true)
            #expect(scene.text("ran") == nil)
        }
    }

    @Test("a crash between the process and its record leaves nothing that runs")
    func crashBeforeRecord() async throws {
        try await LocalScene.run { scene in
            let script = "echo run >> \(scene.path("runs")); exec sleep 600"
            // The clock is asked when the process waits at the gate and before its record is written.
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = scene.folder as String, fleet = scene.fleet as String, script = script as String] in
                let provider = LocalProvider(
                    configuration: LocalProviderConfiguration(
                        id: ProviderID(rawValue: "here"), fleet: fleet, folder: folder,
                        workerCommand: ["/bin/sh", "-c", script]), clock: DeadlyClock(), log: .silent)
                _ = try await provider.launch()
            }
            #expect(scene.text("instances/\(scene.name(0))/work/token") != nil)
            let provider = scene.provider(script)
            try await eventually { try InstanceProcesses.tags(fleet: scene.fleet).isEmpty }
            #expect(try await provider.list().isEmpty)
            #expect(scene.text("runs") == nil)
            #expect(try await provider.launch().instances.map(\.state) == [.running])
            try await eventually { scene.text("runs") != nil }
            #expect(scene.text("runs") == "run\n")
        }
    }

    @Test("a crash in the middle of a launch starts the rest when it is repeated") func crashMidway()
        async throws
    {
        try await LocalScene.run { scene in
            let script = "echo $MUSTER_WORKER_ID >> \(scene.path("runs")); exec sleep 600"
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = scene.folder as String, fleet = scene.fleet as String, script = script as String] in
                let provider = LocalProvider(
                    configuration: LocalProviderConfiguration(
                        id: ProviderID(rawValue: "here"), fleet: fleet, folder: folder,
                        workerCommand: ["/bin/sh", "-c", script]), clock: SystemClock(), log: .silent)
                _ = try await provider.launch(3) { name in
                    if name.rawValue.hasSuffix("-1") { kill(getpid(), SIGKILL) }
                    return Secret("x")
                }
            }
            let provider = scene.provider(script)
            let first = try await provider.list()
            #expect(first.map(\.id) == [scene.name(0)])
            #expect(first.map(\.state) == [.running])
            let again = try await provider.launch(3).instances
            #expect(again.map(\.state) == [.running, .running, .running])
            #expect(again[0] == first[0])
            try await eventually { scene.text("runs")?.split(separator: "\n").count == 3 }
            #expect(Set(scene.text("runs")?.split(separator: "\n") ?? []).count == 3)
        }
    }

    @Test("while another process starts instances here, a launch waits its turn, and its outcome is unclear")
    func contended() async throws {
        try await LocalScene.run { scene in
            #expect(mkdir(scene.folder, 0o711) == 0)
            let lock = try OwnedDescriptor.open(scene.folder + "/.lock", O_RDWR | O_CREAT)
            #expect(flock(lock.number, LOCK_EX) == 0)
            let provider = scene.provider()
            let refused = Task { try await provider.launch() }
            await scene.clock.untilSleeping(for: CloudPolicy.localTurnRetry)
            scene.clock.advance(by: CloudPolicy.localTurnPatience)
            let error = await #expect(throws: CloudError.self) { try await refused.value }
            #expect(error?.kind == .transient)
            let launched = Task { try await provider.launch() }
            await scene.clock.untilSleeping(for: CloudPolicy.localTurnRetry)
            #expect(flock(lock.number, LOCK_UN) == 0)
            scene.clock.advance(by: CloudPolicy.localTurnRetry)
            #expect(try await launched.value.instances.count == 1)
        }
    }

    @Test("an instance that fails at once is gone, with its exit code") func failsAtOnce() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            let content = Document.object(["wrapper": .list("/bin/sh", "-c", "echo no luck; exit 3")])
            #expect(try await provider.launch(content: content).instances.map(\.state) == [.running])
            let instance = try await provider.untilEnded(scene)
            #expect(instance.detail?.hasPrefix("exit code 3;") == true)
            #expect(scene.output(scene.name(0)) == "no luck\n")
        }
    }

    @Test(
        "what cannot be started is refused at once, for all instances",
        arguments: [
            (["/nonexistent/muster"], Document.object([:]), "no program /nonexistent/muster"),
            ([], .object([:]), "no worker command"),
            (["/bin/sh"], .object(["wrapper": .list("no-such-wrapper")]), "no program no-such-wrapper"),
            (["/bin/sh"], .object(["wrapper": .list("/etc/passwd")]), "no program /etc/passwd"),
            (
                ["/bin/sh"],
                .object(["wrapper": .list("nice"), "environment": .object(["PATH": "/nowhere"])]),
                "no program nice"
            ),
            (["/bin/sh"], .object(["folder": "/nonexistent"]), "work in /nonexistent"),
            (["/bin/sh"], .object(["folder": "/etc/passwd"]), "work in /etc/passwd"),
        ])
    func cannotStart(_ command: [String], _ content: Document, _ words: String) async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider(command: command)
            let (instances, refusals) = try await provider.launch(3, content: content)
            #expect(instances.isEmpty)
            let refusal = try #require(refusals.first)
            #expect(refusals.count == 1)
            #expect(refusal.count == 3)
            #expect(refusal.error.kind == .invalidConfig)
            #expect(refusal.error.cloudCode.hasPrefix("ENO"))
            #expect(refusal.error.message.contains(words))
            #expect(try await provider.list().isEmpty)
            #expect(scene.text("instances/\(scene.name(0))/work/token") == nil)
        }
    }

    @Test("what started before a failure is told of, and the rest refused") func partial() async throws {
        try await LocalScene.run { scene in
            #expect(try await scene.provider().launch(2).instances.count == 2)
            // The program is gone when the same launch, now for four, is repeated.
            let (instances, refusals) = try await scene.provider(command: ["/gone"]).launch(4)
            #expect(instances.map(\.id) == [scene.name(0), scene.name(1)])
            #expect(refusals.map(\.count) == [2])
        }
    }

    @Test(
        "failures of the machine are told apart from those of the config",
        arguments: [
            (
                EAGAIN, CloudError.Kind.capacity(offering: "local"),
                CloudError.Kind.capacity(offering: "local")
            ),
            (ENOMEM, .capacity(offering: "local"), .capacity(offering: "local")),
            (EMFILE, .capacity(offering: "local"), .capacity(offering: "local")),
            (ENOSPC, .transient, .transient), (EROFS, .transient, .transient), (EPERM, .auth, .auth),
            (ENOENT, .unknown, .invalidConfig), (EACCES, .auth, .invalidConfig),
            (E2BIG, .unknown, .invalidConfig),
        ])
    func errors(_ number: Int32, _ kind: CloudError.Kind, _ starting: CloudError.Kind) {
        let error = SystemError(number, "do it")
        #expect(CloudError(error).kind == kind)
        #expect(CloudError(starting: error).kind == starting)
        #expect(CloudError(error).cloudCode == error.name)
    }

    @Test("a record that cannot be read is never taken for none") func unreadable() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider("touch \(scene.path("ran"))")
            #expect(mkdir(scene.folder, 0o711) == 0)
            #expect(mkdir(scene.folder + "/" + scene.name(0), 0o711) == 0)
            try scene.write("{", to: "instances/\(scene.name(0))/instance.json")
            let error = await #expect(throws: CloudError.self) { try await provider.launch() }
            #expect(error?.cloudCode == "EBADMSG")
            await #expect(throws: CloudError.self) { try await provider.list() }
            #expect(scene.text("ran") == nil)
        }
    }
}

/// A clock at whose first look the process dies as if the machine had killed it.
private struct DeadlyClock: WallClock {
    func now() -> Timestamp {
        kill(getpid(), SIGKILL)
        return Timestamp(milliseconds: 0)
    }

    func uptime() -> Duration { .zero }

    func sleep(for duration: Duration) async throws {}
}

extension LocalScene {
    /// Writes the record of an instance with this process.
    func forgeRecord(process: ProcessStatus, index: Int = 0, bootID: String? = nil) throws {
        let place = InstanceFolder(base: folder, name: WorkerID(rawValue: name(index)))
        for path in [folder, place.path] { mkdir(path, 0o711) }
        try place.write(
            InstanceRecord(
                name: place.name, launch: Self.launch, fleet: fleet, process: process,
                bootID: try bootID ?? ProcessTable.bootID(), startedAt: clock.now()))
    }

    /// A process that is no longer there.
    func endedProcess() async throws -> ProcessStatus {
        let child = try startProcess("exec sleep 600")
        let status = try #require(try ProcessStatus.read(child.pid))
        child.signal(SIGKILL)
        _ = await child.wait()
        return status
    }

    /// Starts a shell script in a session of its own, with nothing of Muster's about it.
    func startProcess(_ script: String) throws -> ChildProcess {
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        return try ChildProcess.spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
                descriptors: [null, null, null], group: .ownSession))
    }
}
