import Glibc
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Ending local instances", .timeLimit(.minutes(3))) struct LocalTerminationTests {
    /// Counts the requests to end, and goes on.
    private static func stubborn(_ scene: LocalScene) -> String {
        """
        trap 'echo asked >> \(scene.path("asked"))' TERM
        sleep 600 & echo $! > \(scene.path("task.new")); mv \(scene.path("task.new")) \(scene.path("task"))
        while true; do wait; done
        """
    }

    @Test("what does not end when asked is killed after the bound, with its session") func bound()
        async throws
    {
        try await LocalScene.run { scene in
            let provider = scene.provider(Self.stubborn(scene))
            _ = try await provider.launch()
            try await eventually { scene.text("task") != nil }
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
            await scene.clock.hasSleepers(1)
            try await eventually { scene.text("asked") == "asked\n" }
            #expect(try await provider.list().map(\.state) == [.stopping])

            // A repetition neither asks again nor begins the bound again.
            scene.clock.advance(by: .seconds(29))
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
            #expect(scene.clock.sleepers == 1)
            #expect(try isRunning(scene.record().pid))
            scene.clock.advance(by: .seconds(1))
            let gone = try await provider.untilEnded(scene)
            #expect(gone.detail?.hasPrefix("signal 9;") == true)
            #expect(scene.text("asked") == "asked\n")
            let task = try #require(scene.text("task").flatMap { Int32($0.dropLast()) })
            try await eventually { try !isRunning(task) }
        }
    }

    @Test("after a restart of Muster a repetition asks again, and the bound goes on") func restarted()
        async throws
    {
        try await LocalScene.run { scene in
            let first = scene.provider(Self.stubborn(scene))
            _ = try await first.launch()
            try await eventually { scene.text("task") != nil }
            #expect(await first.terminate([scene.name(0)]).isEmpty)
            await scene.clock.hasSleepers(1)
            try await eventually { scene.text("asked") == "asked\n" }
            await first.shutDown()
            try await eventually { scene.clock.sleepers == 0 }

            let second = scene.provider()
            #expect(try await second.list().map(\.state) == [.running])
            #expect(await second.terminate([scene.name(0)]).isEmpty)
            await scene.clock.hasSleepers(1)
            try await eventually { scene.text("asked") == "asked\nasked\n" }
            scene.clock.advance(by: .seconds(30))
            try await second.untilEnded(scene)
        }
    }

    @Test("asked by one process and not gone after the bound, it is killed by the next that asks")
    func overdueAtRestart()
        async throws
    {
        try await LocalScene.run { scene in
            let first = scene.provider(Self.stubborn(scene))
            _ = try await first.launch()
            try await eventually { scene.text("task") != nil }
            #expect(await first.terminate([scene.name(0)]).isEmpty)
            try await eventually { scene.text("asked") == "asked\n" }
            await first.shutDown()
            scene.clock.advance(by: .seconds(30))

            let second = scene.provider()
            #expect(await second.terminate([scene.name(0)]).isEmpty)
            try await second.untilEnded(scene)
            #expect(scene.text("asked") == "asked\n")
        }
    }

    @Test("an instance that ends in time is not killed later") func inTime() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            _ = try await provider.launch()
            #expect(await provider.terminate([scene.name(0)]).isEmpty)
            #expect(try await provider.untilEnded(scene).detail?.hasPrefix("signal 15;") == true)
            try await eventually { scene.clock.sleepers == 0 }
        }
    }

    @Test(
        "tasks that outlive their worker are killed with what they started",
        arguments: ["", "setsid -w ", "env -i setsid ", "setsid env -i "])
    func leftovers(_ prefix: String) async throws {
        // What leaves both the session and the environment behind cannot be known again, so it is not asked for.
        let isKnown = !prefix.contains("env -i")
        try await LocalScene.run { scene in
            let write =
                "echo $$ > \(scene.path("t.new")); mv \(scene.path("t.new")) \(scene.path("task")); exec sleep 600"
            let provider = scene.provider("\(prefix)/bin/sh -c '\(write)' & exec sleep 600")
            _ = try await provider.launch()
            try await eventually { scene.text("task") != nil }
            let task = try #require(scene.text("task").flatMap { Int32($0.dropLast()) })
            kill(try scene.record().pid, SIGKILL)
            try await provider.untilEnded(scene)
            if isKnown {
                try await eventually { try !isRunning(task) }
            } else {
                #expect(try isRunning(task))
                kill(task, SIGKILL)
            }
        }
    }

    @Test("changes end with the provider, and instances go on") func shutDown() async throws {
        try await LocalScene.run { scene in
            let provider = scene.provider()
            _ = try await provider.launch()
            let changes = provider.changes()
            await provider.shutDown()
            for await _ in changes {}
            #expect(try isRunning(scene.record().pid))
        }
    }
}
