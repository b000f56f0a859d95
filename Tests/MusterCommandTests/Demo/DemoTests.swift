import FoundationEssentials
import Glibc
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterCommand

extension ServiceSuites {
    @Suite("muster demo", .timeLimit(.minutes(4)))
    struct DemoTests {
        /// A folder in which the demo makes its own, and what is left of it there.
        private final class Place {
            let folder: TemporaryFolder

            init() throws { folder = try TemporaryFolder() }

            /// A failed test must not leave anything running.
            deinit {
                for pid in (try? instances) ?? [] { kill(pid, SIGKILL) }
            }

            func start(terminal: PseudoTerminal? = nil) throws -> ProgramRun {
                try MusterProgram.start(
                    ["demo"], in: folder.path,
                    environment: [
                        "TMPDIR": folder.path, "TERM": "xterm",
                        "PATH": String(cString: getenv("PATH") ?? strdup("/usr/bin:/bin")),
                    ], terminal: terminal)
            }

            var demos: [String] {
                ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
                    $0.hasPrefix("muster-demo.")
                }
            }

            var instances: [Int32] {
                get throws { try MusterFleet.processes(below: folder.path) }
            }
        }

        @Test("In a pipe it ends with the line that says that all is well, and leaves nothing")
        func pipe() async throws {
            let place = try Place()
            let run = try place.start()
            try await waitUntil("an instance") { try !place.instances.isEmpty }
            #expect(place.demos.count == 1)
            let outcome = await run.outcome()
            #expect(outcome.status == .code(0) && outcome.errors.isEmpty)
            #expect(outcome.lines.last == "ok: 60 of 60 tasks, 0 lost, 0 run twice, 0 instances left")
            #expect(!outcome.output.contains("\u{1b}"))
            #expect(outcome.lines.contains { $0.contains("30 tasks submitted by three tenants") })
            #expect(outcome.lines.contains { $0.contains("30 more while the first ones run") })
            #expect(
                outcome.lines.contains { $0.contains("broken-image: ") && $0.contains(" never registered") })
            #expect(outcome.lines.contains { $0.hasPrefix("wait ") && $0.contains("median") })
            #expect(outcome.lines.contains { $0.hasPrefix("turns checksums ") })
            #expect(try place.instances.isEmpty)
            #expect(place.demos.isEmpty)
        }

        @Test(
            "On a terminal it shows pools, weights and events; interrupted, it ends its instances and gives the cursor back"
        )
        func interruptedOnTerminal() async throws {
            let place = try Place()
            let terminal = try PseudoTerminal(columns: 120, rows: 50)
            let run = try place.start(terminal: terminal)
            var screen = ""
            try await waitUntil("a full screen", within: .seconds(120)) {
                screen += terminal.available()
                return screen.contains(" of 60 tasks done") && screen.contains("worker.running")
            }
            let shown = [
                "POOL", "demo/checksums", "demo/compression", "LAUNCH CONFIG", "WEIGHT", "broken-image",
                "LAST EVENTS",
            ]
            for text in shown { #expect(screen.contains(text), "\(text)") }
            #expect(screen.contains("\u{1b}[?25l") && !screen.contains("\u{1b}[?25h"))
            #expect(try !place.instances.isEmpty)
            run.child.signal(SIGINT)
            try await waitUntil("its end", within: .seconds(120)) {
                screen += terminal.available()
                return run.child.exitStatus != nil
            }
            screen += terminal.available()
            #expect(run.child.exitStatus == .code(1))
            #expect(screen.contains("\u{1b}[?25h") && screen.contains("interrupted"))
            #expect(!screen.contains("ok: 60"))
            #expect(try place.instances.isEmpty)
            // What happened can be looked into; where it is is said.
            #expect(place.demos.count == 1 && screen.contains("kept: \(place.folder.path)/\(place.demos[0])"))
        }

        @Test("With a quick second signal it still leaves no instance behind")
        func interruptedTwice() async throws {
            let place = try Place()
            let run = try place.start()
            try await waitUntil("an instance") { try !place.instances.isEmpty }
            run.child.signal(SIGTERM)
            run.child.signal(SIGINT)
            let outcome = await run.outcome()
            #expect(outcome.status == .code(1) && outcome.errors.contains("muster: interrupted\n"))
            #expect(try place.instances.isEmpty)
        }
    }
}
