import Glibc
import MusterCore
import MusterRuntime
import MusterTesting

/// `wrk`, the usual program to ask a server as often as it can answer.
struct Wrk: Sendable {
    private let program: String
    private let folder: TemporaryFolder

    /// Finds the program.
    ///
    /// - Throws: `Problem` `unavailable` when it is not installed.
    init(in folder: String) throws {
        let places = "/usr/bin:/usr/local/bin"
        guard let program = ExecutablePath.find("wrk", path: places) else {
            throw Problem(.unavailable, "wrk is not installed: apt-get install wrk")
        }
        self.program = program
        self.folder = try TemporaryFolder(in: folder)
    }

    /// Asks for `url` on so many connections for a time, from one thread; answers a second.
    func rate(of url: String, connections: Int, for time: Duration) async throws -> Double {
        let path = folder.path + "/output"
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let output = try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        let child = try ChildProcess.spawn(
            SpawnRequest(
                executable: program,
                arguments: [
                    "--threads", "1", "--connections", "\(connections)", "--duration",
                    "\(time.components.seconds)s", url,
                ], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], folder: folder.path,
                descriptors: [null, output, output]))
        let status = await child.wait()
        let text = String(decoding: try TextFile.read(path, limit: 1 << 20), as: UTF8.self)
        guard status.isSuccess, let rate = Self.rate(in: text) else {
            throw Problem(.unavailable, "wrk failed: \(text)")
        }
        return rate
    }

    /// The answers a second that its output tells of; nil when it tells of none, or of failures.
    static func rate(in output: String) -> Double? {
        guard !output.contains("Socket errors"), !output.contains("Non-2xx") else { return nil }
        return output.split(separator: "\n").first { $0.hasPrefix("Requests/sec:") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }
}
