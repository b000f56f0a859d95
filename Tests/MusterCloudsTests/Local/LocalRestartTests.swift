import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Local instances after a restart of Muster", .timeLimit(.minutes(3))) struct LocalRestartTests {
    @Test("another Muster finds the instances, sees them end and can end them") func found() async throws {
        try await LocalScene.run { scene in
            let first = scene.provider()
            let launched = try await first.launch(2).instances
            await first.shutDown()
            let second = scene.provider()
            #expect(try await second.list() == launched)

            // One ends by itself: nobody asks for a listing in between.
            kill(try scene.record(0).pid, SIGKILL)
            let gone = try await second.untilEnded(scene, 0)
            #expect(gone.state == .gone)
            #expect(gone.detail?.contains("nobody knows how") == true)

            #expect(await second.terminate([scene.name(1)]).isEmpty)
            try await second.untilEnded(scene, 1)
            #expect(try await second.list().map(\.state) == [.gone, .gone])
        }
    }

    @Test("the end of an instance that another Muster started is noticed without any listing")
    func noticed() async throws {
        try await LocalScene.run { scene in
            let first = scene.provider()
            _ = try await first.launch()
            await first.shutDown()
            let changes = ChangeSignal()
            let fleet = LocalFleet(
                LocalProviderConfiguration(
                    id: first.id, fleet: scene.fleet, folder: scene.folder, workerCommand: []),
                users: AllowedUsers(names: []), clock: scene.clock, log: .silent, changes: changes)
            #expect(try await fleet.list().map(\.state) == [.running])
            let stream = changes.stream()
            kill(try scene.record().pid, SIGKILL)
            for await _ in stream { break }
            #expect(try scene.record().end?.isSwept == true)
        }
    }

    @Test("an instance that ended while no Muster was there is gone, and what it left is killed")
    func endedMeanwhile() async throws {
        try await LocalScene.run { scene in
            let pidFile = scene.path("task")
            let first = scene.provider(
                "sleep 600 & echo $! > \(pidFile).new; mv \(pidFile).new \(pidFile); wait")
            _ = try await first.launch()
            try await eventually { scene.text("task") != nil }
            await first.shutDown()
            let record = try scene.record()
            kill(record.pid, SIGKILL)
            try await eventually { try !isRunning(record.pid) }
            let task = try #require(scene.text("task").flatMap { Int32($0.dropLast()) })
            #expect(try isRunning(task))

            #expect(try await scene.provider().list().map(\.state) == [.gone])
            #expect(try scene.record().end?.isSwept == true)
            try await eventually { try !isRunning(task) }
        }
    }

    @Test("a sweep that did not come to its end is made up for") func unsweptEnd() async throws {
        try await LocalScene.run { scene in
            try await scene.forgeRecord(process: scene.endedProcess())
            var record = try scene.record()
            record.end = .init(at: scene.clock.now(), detail: "exit code 9", isSwept: false)
            try InstanceFolder(base: scene.folder, name: record.name).write(record)
            let instance = try #require(try await scene.provider().list().first)
            #expect(instance.detail?.hasPrefix("exit code 9;") == true)
            #expect(try scene.record().end?.isSwept == true)
        }
    }

    @Test("a process that has the id of an instance now is neither taken for it nor touched")
    func recycled() async throws {
        try await LocalScene.run { scene in
            let stranger = try scene.startProcess("sleep 600 & exec sleep 601")
            defer { stranger.signalGroup(SIGKILL) }
            let status = try #require(try ProcessStatus.read(stranger.pid))
            try scene.forgeRecord(process: status)
            var record = try scene.record()
            record.startTime -= 1
            try InstanceFolder(base: scene.folder, name: record.name).write(record)

            let provider = scene.provider()
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
            #expect(scene.clock.sleepers == 0)
            #expect(try await provider.list().map(\.state) == [.gone])
            #expect(try isRunning(stranger.pid))
            #expect(stranger.exitStatus == nil)
            #expect(stranger.signalGroup(0) == .delivered)
        }
    }

    @Test("a process with the right id and start time is another one after the machine was started again")
    func otherBoot() async throws {
        try await LocalScene.run { scene in
            let stranger = try scene.startProcess("exec sleep 600")
            defer { stranger.signal(SIGKILL) }
            let status = try #require(try ProcessStatus.read(stranger.pid))
            try scene.forgeRecord(process: status, bootID: "00000000-0000-0000-0000-000000000000")
            let provider = scene.provider()
            let instance = try #require(try await provider.list().first)
            #expect(instance.state == .gone)
            #expect(instance.detail?.contains("machine was started again") == true)
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
            #expect(try isRunning(stranger.pid))
        }
    }

    @Test("a zombie is gone") func zombie() async throws {
        try await LocalScene.run { scene in
            // The parent becomes a program that never waits for the child that the shell made.
            let file = scene.path("z")
            let parent = try scene.startProcess(
                "sleep 600 & echo $! > \(file).new; mv \(file).new \(file); exec sleep 601")
            defer { parent.signal(SIGKILL) }
            try await eventually { scene.text("z") != nil }
            let pid = try #require(scene.text("z").flatMap { Int32($0.dropLast()) })
            try await eventually { try ProcessTable.program(of: parent.pid) == "sleep" }
            kill(pid, SIGKILL)
            try await eventually { try ProcessStatus.read(pid)?.hasEnded == true }
            try scene.forgeRecord(process: try #require(try ProcessStatus.read(pid)))
            #expect(try await scene.provider().list().map(\.state) == [.gone])
        }
    }

    @Test("a process with the fleet's tag and no record is listed and can be ended") func untracked()
        async throws
    {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            _ = try await provider.launch()
            let pid = try scene.record().pid
            #expect(unlink(scene.path("instances/\(scene.name(0))/instance.json")) == 0)
            let found = try await scene.provider().list()
            #expect(found.map(\.id) == [scene.name(0)])
            #expect(found.first?.launchID == LocalScene.launch)
            #expect(found.first?.state == .running)
            #expect(try await scene.provider(fleet: "another").list().isEmpty)
            #expect(await scene.provider().terminate([scene.name(0)]).isEmpty)
            try await eventually { try !isRunning(pid) }
            #expect(try await scene.provider().list().isEmpty)
        }
    }

    @Test("two fleets side by side never see each other's instances", arguments: [true, false])
    func fleets(inOneFolder: Bool) async throws {
        try await LocalScene.run { scene in
            let other = LaunchID(rawValue: "l02")
            let one = scene.provider()
            let two = scene.provider(
                fleet: scene.fleet + "-other", folder: inOneFolder ? nil : scene.path("others"))
            _ = try await one.launch()
            _ = try await two.launch(id: other)
            #expect(try await one.list().map(\.launchID) == [LocalScene.launch])
            #expect(try await two.list().map(\.launchID) == [other])
            #expect(await two.terminate([scene.name(0)]).isEmpty)
            #expect(try isRunning(scene.record().pid))
            if inOneFolder {
                let (instances, refusals) = try await two.launch()
                #expect(instances.isEmpty)
                #expect(refusals.map(\.error.kind) == [.invalidConfig])
            }
        }
    }
}
