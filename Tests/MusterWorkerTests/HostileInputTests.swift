import MusterAPI
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

/// What a worker reads, as nobody meant it: its files, its environment and what a service may answer.
@Suite("Hostile input of a worker", .timeLimit(.minutes(3)))
struct HostileInputTests {
    @Test("A work limit's file states a limit within its bounds, or none")
    func workLimit() throws {
        let folder = try TemporaryFolder()
        let file = WorkLimitFile(path: folder.path + "/work-limit")
        var generator = SeededGenerator(seed: 1)
        for seed in ["12\n", "unlimited\n", " 1000000 "] {
            for _ in 0..<300 {
                let bytes = generator.mutated(Array(seed.utf8))
                try DurableFile.write(bytes, to: file.path, mode: 0o600)
                do throws(Problem) {
                    if case .tasks(let limit) = try file.read() { #expect((0...1_000_000).contains(limit)) }
                } catch {
                    #expect(error.code == .inputInvalid && error.field == "work-limit")
                }
                #expect(try TextFile.read(file.path, limit: 1 << 16) == bytes)
            }
        }
    }

    @Test("An environment gives a configuration whose ids are ids, or problems that name its variables")
    func environment() {
        let valid = [
            "MUSTER_WORKER_URL": "https://muster.example:8443/", "MUSTER_WORKER_POOL": "owner/pool",
            "MUSTER_WORKER_PROVIDER": "local", "MUSTER_WORKER_GROUP": "here", "MUSTER_WORKER_ID": "w-0",
            "MUSTER_WORKER_CAPACITY": "4", "MUSTER_WORKER_FOLDER": "/var/lib/muster-worker",
            "MUSTER_WORKER_TOKEN_FILE": "/run/token", "MUSTER_WORKER_DRAIN_SECONDS": "30",
        ]
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<4_000 {
            var environment = valid
            for name in valid.keys.sorted() where Int.random(in: 0..<4, using: &generator) == 0 {
                let bytes = generator.mutated(Array((valid[name] ?? "").utf8))
                environment[name] = String(decoding: bytes, as: UTF8.self)
            }
            do throws(Problems) {
                let configuration = try WorkerConfiguration.fromEnvironment(environment)
                #expect(PoolID.accepts(configuration.worker.poolID.rawValue))
                #expect(WorkerID.accepts(configuration.worker.id.rawValue))
                #expect(configuration.folder.hasPrefix("/") && configuration.drainTime >= .zero)
                #expect(configuration.taskEnvironment.isEmpty)
            } catch {
                for problem in error.all {
                    #expect(problem.field?.hasPrefix("MUSTER_WORKER_") == true, "\(problem)")
                }
            }
        }
    }

    @Test("A token's file that holds no token ends the worker with a word about it, before it calls anybody")
    func token() async throws {
        for text in ["", "\n", "two words", "a\nb\n", String(repeating: "x", count: 100_000)] {
            let subject = try WorkerUnderTest()
            try subject.folder.write(text, to: "token")
            let exit = await subject.worker.run()
            guard case .failed(let problem) = exit else {
                Issue.record("a token of \(text.prefix(20)) was taken")
                continue
            }
            #expect(problem.message.contains("\(subject.folder.path)/token"))
            #expect(await subject.service.registrations.isEmpty)
        }
    }

    @Test("What a service answers is an answer or a failure, whatever it is")
    func answers() {
        let claim = #"""
            {"tasks":[{"taskId":"t-1","runId":0,"takenUntil":"2026-11-21T07:30:00.000Z","tenant":"ada",
            "priority":"medium","payload":{"command":["true"],"environment":{"A":"b"},"maxRunTime":60}}],
            "lost":[{"taskId":"t-0","runId":1}],"terminate":{"terminate":false,"reason":"none"}}
            """#
        let error = #"{"code":"claim-lost","message":"so it is","requestId":"r1","problems":[]}"#
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<3_000 {
            let bytes = generator.mutated(Array(claim.utf8))
            if let answer = try? JSON.decode(ClaimAnswer.self, from: bytes) {
                for task in answer.tasks { #expect(TaskID.accepts(task.taskId.rawValue)) }
            }
            let status = Int.random(in: 300...999, using: &generator)
            let failure = ServiceFailure(
                status: status, body: generator.mutated(Array(error.utf8)),
                retryAfter: String(decoding: generator.mutated(Array("120".utf8)), as: UTF8.self))
            #expect(!failure.problem.message.isEmpty)
            if case .noAnswer(_, let after?) = failure {
                #expect(after >= .zero && after <= .seconds(86_400))
            }
        }
    }

    @Test("Dates and addresses are read or refused")
    func texts() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<4_000 {
            let date = generator.mutated(Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8))
            _ = ServiceTime.moment(String(decoding: date, as: UTF8.self))
            let text = String(
                decoding: generator.mutated(Array("http+unix://%2Frun%2Fmuster".utf8)), as: UTF8.self)
            if let address = try? ServiceAddress(text), let path = address.unixSocketPath {
                #expect(path.hasPrefix("/") && !path.utf8.contains(0))
            }
        }
    }
}
