import Glibc
import MusterCore
import Testing

@testable import MusterCommand

@Suite("Running a command")
struct CommandRunnerTests {
    private func outcome(
        _ line: String, _ run: @escaping Command.Run = { _ in .done }
    ) async throws -> (code: ExitCode, output: String, errors: String) {
        let output = try CapturedPipe()
        let errors = try CapturedPipe()
        let runner = CommandRunner(
            ExampleCommands.root(run), output: Terminal(descriptor: output.writer, environment: [:]),
            errors: Terminal(descriptor: errors.writer, environment: [:]))
        let code = await runner.run(line.split(separator: " ").map(String.init))
        return (code, output.text(), errors.text())
    }

    @Test("gives back what the command says")
    func code() async throws {
        for code in [ExitCode.done, .failed] {
            let outcome = try await outcome("pool list") { _ in code }
            #expect(outcome.code == code)
            #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
        }
    }

    @Test("shows help that was asked for on the output, and other help among the errors")
    func help() async throws {
        let asked = try await outcome("pool --help")
        #expect(asked.code == .done && asked.errors.isEmpty && asked.output.hasPrefix("Usage: muster pool"))
        let unasked = try await outcome("pool")
        #expect(unasked.code == .usedWrongly && unasked.output.isEmpty && unasked.errors == asked.output)
    }

    @Test("tells of wrong use and where to find help")
    func usage() async throws {
        let parsing = try await outcome("pool show")
        #expect(parsing.code == .usedWrongly)
        #expect(parsing.errors == "muster: POOL is missing\nTry: muster pool show --help\n")
        let running = try await outcome("task submit a -p x -- y") { arguments in
            _ = try arguments.integer("priority", 0...9)
            return .done
        }
        #expect(running.code == .usedWrongly)
        #expect(running.errors.hasSuffix("\nTry: muster task submit --help\n"))
    }

    @Test("tells of problems one a line, without letting them reach into the terminal")
    func problems() async throws {
        let outcome = try await outcome("pool list") { _ in
            throw try #require(
                Problems([
                    Problem(.inputInvalid, "is \u{1b}[2Jbad", field: "a.b", line: 3),
                    Problem(.conflict, "again"),
                ]))
        }
        #expect(outcome.code == .failed)
        #expect(outcome.errors == "muster: line 3: a.b: is ␛[2Jbad\nmuster: again\n")
    }

    @Test("tells programs of problems in JSON")
    func json() async throws {
        let failing = try await outcome("--json pool list") { _ in throw Problem(.poolNotFound, "no a/b") }
        #expect(failing.code == .failed)
        #expect(failing.errors == #"{"code":"pool-not-found","message":"no a/b"}"# + "\n")
        let misused = try await outcome("pool list --nonsense --json")
        #expect(misused.code == .usedWrongly)
        #expect(misused.errors == #"{"code":"usage","message":"there is no option --nonsense"}"# + "\n")
    }

    @Test("fails without a word when nobody reads the output any more")
    func closed() async throws {
        let outcome = try await outcome("pool list") { _ in throw OutputClosed() }
        #expect(outcome.code == .failed)
        #expect(outcome.errors.isEmpty)
    }

    @Test("says that it was interrupted")
    func cancelled() async throws {
        let outcome = try await outcome("pool list") { _ in throw CancellationError() }
        #expect(outcome.code == .failed)
        #expect(outcome.errors == "muster: interrupted\n")
    }
}
