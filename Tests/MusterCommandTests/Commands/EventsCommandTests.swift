import Glibc
import MusterAPI
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterCommand

extension OperatorSuites {
    @Suite("muster events", .timeLimit(.minutes(3)))
    struct EventsCommandTests {
        private func words(_ outcome: ProgramOutcome) -> [String] {
            outcome.lines.map { $0.split(separator: " ").joined(separator: " ") }
        }

        @Test("The latest events are shown in order, filtered, and bounded", arguments: Answering.allCases)
        func latest(answering: Answering) async throws {
            let fleet = try await answering.fleet()
            let file = try fleet.file(
                "pool.yaml", "{workerPoolId: test/pool, providerId: local, config: {maxCapacity: 0}}")
            _ = try await fleet.muster("apply", "-f", file)
            _ = try await fleet.muster("pool", "pause", "test/pool", "--reason", "repairs")
            _ = try await fleet.muster("pool", "resume", "test/pool")
            _ = try await fleet.muster("freeze", "--reason", "fire")
            let all = try await fleet.muster("events")
            #expect(all.status == .code(0) && all.errors.isEmpty)
            let rows = words(all)
            #expect(rows[0] == "WHEN TYPE SUBJECT DETAIL" && rows.count == 5)
            #expect(rows[2].hasSuffix("pool.paused pool/test/pool repairs"))
            #expect(rows[4].hasSuffix("fleet.frozen fleet fire"))
            let two = try await fleet.muster("events", "--limit", "2")
            #expect(two.lines.count == 3 && words(two)[1].hasSuffix("pool.resumed pool/test/pool"))
            #expect(words(two)[2].hasSuffix("fleet.frozen fleet fire"))
            #expect(two.errors == "there are earlier ones than these 2: --limit shows them\n")
            let types = try await fleet.muster(
                "events", "--type", "fleet.", "--type", "pool.created", "--json")
            let events = try types.lines.map { try JSON.decode(EventDocument.self, from: Array($0.utf8)) }
            #expect(events.map(\.type) == [.poolCreated, .frozen])
            #expect(try await fleet.muster("events", "--subject", "fleet").lines.count == 2)
            #expect(try await fleet.muster("events", "--pool", "test/pool").lines.count == 4)
            #expect(try await fleet.muster("events", "--since", "1h").lines.count == 5)
            #expect(try await fleet.muster("events", "--since", "2099-01-01T00:00:00Z").lines.count == 1)
            let wrong = try await fleet.muster("events", "--type", "pool.pausd")
            #expect(wrong.status == .code(2) && wrong.errors.contains("did you mean pool.paused?"))
        }

        @Test("Without a service there is nothing to follow, and that is said")
        func nobody() async throws {
            let fleet = try await Answering.database.fleet()
            let outcome = try await fleet.muster("events", "--follow")
            #expect(outcome.status == .code(1) && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("muster: no service runs, so that nothing happens"))
        }

        @Test("Following goes on over a restart of the service, misses nothing and repeats nothing")
        func follow() async throws {
            let fleet = try await MusterFleet()
            try await fleet.start()
            try await fleet.define()
            let config = ["--config", fleet.folder.path + "/muster.yaml"]
            let run = try MusterProgram.start(
                config + ["events", "--follow", "--json"], in: fleet.folder.path)
            let lines = try MusterProgram.start(
                config + ["events", "-f", "--type", "pool.", "--pool", "test/pool"], in: fleet.folder.path)
            try await fleet.until("what had happened") {
                run.output.contains("pool.created") && lines.output.contains("pool.created")
            }
            _ = try await fleet.submit(1)
            try await fleet.until("what happens") { run.output.contains("task.completed") }
            #expect(await fleet.stop(SIGKILL) == .signal(SIGKILL))
            try await fleet.until("the gap") { run.errors.isEmpty && lines.errors.contains("has gone") }
            try await fleet.start()
            _ = try await fleet.muster("pool", "pause", "test/pool", "--reason", "repairs")
            try await fleet.until("what happens after it") {
                run.output.contains("pool.paused") && lines.output.contains("pool.paused")
            }
            for follower in [run, lines] {
                follower.child.signal(SIGINT)
                #expect(await follower.child.wait() == .signal(SIGINT))
            }
            #expect(lines.errors == "the service has gone: waiting for it\nthe service is back\n")
            let followed = lines.output.split(separator: "\n").map {
                $0.split(separator: " ").map(String.init)
            }
            #expect(
                followed.map { $0.dropFirst().first } == ["pool.created", "pool.paused"]
                    && followed.last?.last == "repairs")
            #expect(await fleet.stop() == .code(0))
            // The same lines as the sink wrote, each once and in the same order.
            let written = try TextFile.read(fleet.folder.path + "/events.jsonl", limit: 1 << 20)
            let sink = String(decoding: written, as: UTF8.self).split(separator: "\n")
            let seen = run.output.split(separator: "\n")
            var unique: [Substring] = []
            for line in sink where !unique.contains(line) { unique.append(line) }
            #expect(seen.count > 8 && seen == Array(unique.prefix(seen.count)))
        }

        @Test("What retention has deleted while nobody looked is said", .ofFileEngine)
        func gap() async throws {
            let fleet = try await Answering.service.fleet()
            let run = try MusterProgram.start(
                ["--config", fleet.folder.path + "/muster.yaml", "events", "--follow"],
                in: fleet.folder.path)
            try await fleet.define()
            try await fleet.until("what happens") { run.output.contains("pool.created") }
            // Nothing of what comes now is seen before it is deleted.
            run.child.signal(SIGSTOP)
            _ = await fleet.stop()
            try await fleet.store { store in
                _ = try await store.write(in: .store) { transaction in
                    for index in 0..<3 {
                        try await transaction.publish(
                            Event(
                                .frozen, subject: "fleet", poolID: nil,
                                time: Timestamp(milliseconds: Int64(index)), data: .object([:])))
                    }
                    try await transaction.run("DELETE FROM outbox")
                }
            }
            try await fleet.start()
            _ = try await fleet.muster("freeze")
            run.child.signal(SIGCONT)
            try await fleet.until("the event after the gap") { run.output.contains("fleet.frozen") }
            #expect(run.errors.contains(" had been deleted by retention\n"))
            run.child.signal(SIGINT)
            _ = await run.child.wait()
            #expect(await fleet.stop() == .code(0))
        }
    }
}
