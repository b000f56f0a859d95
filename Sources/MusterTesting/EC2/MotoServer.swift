import FoundationEssentials
import Glibc
import MusterRuntime

/// moto's server, an emulation of AWS by other people: on a port of its own, gone with the process that started it.
public final class MotoServer: Sendable {
    /// It could not be started.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// The one that tests share, each with a region or a fleet of its own.
    public static let shared = Task { try await MotoServer() }

    /// Where the program is: `MUSTER_MOTO_SERVER`, or where deploy/test puts it.
    public static let program: String = {
        if let named = getenv("MUSTER_MOTO_SERVER") { return String(cString: named) }
        let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
        return "\(root)/.build/moto/bin/moto_server"
    }()

    /// Whether tests with it are to run: where it is installed, and where somebody has said that it is.
    public static var isExpected: Bool {
        getenv("MUSTER_MOTO_SERVER") != nil || ExecutablePath.isExecutable(program)
    }

    /// Where it answers, for all services.
    public let url: String
    /// While this end of a pipe is open, the server runs: also a process that is killed lets go of it.
    private let leash: OwnedDescriptor
    private let shell: ChildProcess
    private let folder: TemporaryFolder

    /// Starts a server; returns when it answers.
    public init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let port = try Self.freePort()
        url = "http://127.0.0.1:\(port)/"
        let (reading, writing) = try OwnedDescriptor.pipe()
        leash = writing
        let output = try OwnedDescriptor.open("\(folder.path)/log", O_WRONLY | O_CREAT | O_APPEND)
        let script = """
            "$@" < /dev/null & server=$!
            read -r _
            kill -KILL $server; wait
            """
        shell = try ChildProcess.spawn(
            SpawnRequest(
                executable: "/bin/sh",
                arguments: ["-c", script, "sh", Self.program, "-H", "127.0.0.1", "-p", "\(port)"],
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8",
                    // Otherwise it takes seconds to read the machine images of every region.
                    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
                ], folder: folder.path, descriptors: [reading, output, output], group: .ownSession))
        let clock = SystemClock()
        let deadline = clock.uptime() + .seconds(60)
        while !Self.answers(port) {
            guard clock.uptime() < deadline, shell.exitStatus == nil else {
                let log = (try? TextFile.read("\(folder.path)/log", limit: 1 << 16)) ?? []
                throw Failure(
                    description: "moto did not start: \(String(decoding: log, as: UTF8.self))")
            }
            try await clock.sleep(for: .milliseconds(50))
        }
    }

    private static func answers(_ port: UInt16) -> Bool {
        let socket = OwnedDescriptor(
            Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        address.sin_port = port.bigEndian
        let number = socket.number
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func freePort() throws -> UInt16 {
        let socket = try ListeningSocket.onLoopback()
        close(socket.descriptor)
        return socket.port
    }
}
