import FoundationEssentials
import Glibc
import MusterRuntime

/// The real program, as a person or a script runs it: with a command line, in a folder.
enum MusterProgram {
    /// The program that the tests' build made, beside the tests themselves.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folders = [own, CommandLine.arguments[0]].map { $0.split(separator: "/").dropLast() }
        let paths = folders.map { "/" + ($0 + ["muster"]).joined(separator: "/") }
        return paths.first { access($0, X_OK) == 0 } ?? paths[0]
    }()

    /// What every program needs, and nothing that a test's own surroundings happen to have.
    static func environment(home: String) -> [String: String] {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home]
        if let path = getenv("LD_LIBRARY_PATH") { environment["LD_LIBRARY_PATH"] = String(cString: path) }
        return environment
    }

    /// Starts it with its output and its errors going to files of `folder`, or to `terminal`.
    static func start(
        _ words: [String], in folder: String, input: String = "", environment: [String: String] = [:],
        terminal: PseudoTerminal? = nil
    ) throws -> ProgramRun {
        let name = "\(folder)/.run-\(UInt64.random(in: 0 ... .max))"
        let output = try OwnedDescriptor.open(name + ".out", O_RDWR | O_CREAT)
        let errors = try OwnedDescriptor.open(name + ".err", O_RDWR | O_CREAT)
        let words = (input: try OwnedDescriptor.open(name + ".in", O_RDWR | O_CREAT), line: words)
        try words.input.writeAll(input.utf8)
        _ = lseek(words.input.number, 0, SEEK_SET)
        let screen = terminal.map { OwnedDescriptor(fcntl($0.terminal, F_DUPFD_CLOEXEC, 0)) }
        let child = try ChildProcess.spawn(
            SpawnRequest(
                executable: path, arguments: words.line,
                environment: Self.environment(home: folder).merging(environment) { $1 }, folder: folder,
                descriptors: [words.input, screen ?? output, screen ?? errors]))
        return ProgramRun(child: child, files: name)
    }

    /// Runs it to its end.
    static func run(
        _ words: [String], in folder: String, input: String = "", environment: [String: String] = [:]
    ) async throws -> ProgramOutcome {
        try await start(words, in: folder, input: input, environment: environment).outcome()
    }
}

/// A program that was started.
struct ProgramRun: Sendable {
    let child: ChildProcess
    fileprivate let files: String

    /// What it has written so far.
    var output: String { text("out") }
    /// What it has written to its errors so far.
    var errors: String { text("err") }

    /// Waits for its end.
    func outcome() async -> ProgramOutcome {
        let status = await child.wait()
        return ProgramOutcome(status: status, output: output, errors: errors)
    }

    private func text(_ kind: String) -> String {
        let bytes = (try? TextFile.read("\(files).\(kind)", limit: 16 << 20)) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// How a program ended.
struct ProgramOutcome: Sendable {
    let status: ExitStatus
    let output: String
    let errors: String

    /// The lines of its output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
}
