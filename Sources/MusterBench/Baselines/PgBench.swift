import Glibc
import MusterCore
import MusterRuntime
import MusterTesting

/// PostgreSQL's own benchmark program: nobody asks the server with less around it.
struct PgBench: Sendable {
    private let program: String
    private let place: PostgresSchemaPlace
    private let folder: TemporaryFolder

    /// Finds the program.
    ///
    /// - Throws: `Problem` `unavailable` when it is not installed.
    init(on place: PostgresSchemaPlace, in folder: String) throws {
        guard let program = PostgresPrograms.find("pgbench") else {
            throw Problem(.unavailable, "pgbench is not installed: apt-get install postgresql")
        }
        self.program = program
        self.place = place
        self.folder = try TemporaryFolder(in: folder)
    }

    /// Has clients run a script again and again, as prepared statements; transactions a second.
    ///
    /// - Parameter count: how often each client runs it.
    func rate(of script: String, clients: Int, times count: Int) async throws -> Double {
        let path = folder.path + "/script.sql"
        try DurableFile.write(Array(script.utf8), to: path, mode: 0o600)
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let output = try OwnedDescriptor.open(folder.path + "/output", O_WRONLY | O_CREAT | O_TRUNC)
        let child = try ChildProcess.spawn(
            SpawnRequest(
                executable: program,
                arguments: [
                    "--no-vacuum", "--protocol=prepared", "--client=\(clients)",
                    "--jobs=\(min(clients, BenchPolicy.baselineThreads))", "--transactions=\(count)",
                    "--file=\(path)", place.address,
                ], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], folder: folder.path,
                descriptors: [null, output, output]))
        let status = await child.wait()
        let text = String(
            decoding: try TextFile.read(folder.path + "/output", limit: 1 << 20), as: UTF8.self)
        guard status.isSuccess, let rate = Self.rate(in: text, of: clients * count) else {
            throw Problem(.unavailable, "pgbench failed: \(text)")
        }
        return rate
    }

    /// The transactions a second that its output tells of, the time for connecting aside; nil when it tells of
    /// fewer than `count`, or of none.
    static func rate(in output: String, of count: Int) -> Double? {
        let lines = output.split(separator: "\n")
        guard lines.contains("number of transactions actually processed: \(count)/\(count)") else {
            return nil
        }
        return lines.first { $0.hasPrefix("tps = ") && $0.hasSuffix("(without initial connection time)") }
            .flatMap { $0.split(separator: " ").dropFirst(2).first }.flatMap { Double($0) }
    }
}
