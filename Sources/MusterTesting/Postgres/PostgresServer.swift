import Glibc
import MusterRuntime
import MusterStore

/// A PostgreSQL server of the tests' own: in a folder and on a port of its own, gone with the process that
/// started it, however that ends.
public actor PostgresServer {
    /// It could not be started.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// The one that tests share, each with a database of its own.
    public static let shared = Task { try await PostgresServer() }

    /// What a server is for.
    public enum Purpose: Sendable {
        /// Tests: nothing waits for the disk.
        case tests
        /// Measurements: as durable as a server usually is, with memory for what is measured.
        case measurements

        fileprivate var settings: [String] {
            switch self {
            case .tests:
                ["fsync=off", "shared_buffers=64MB", "autovacuum_naptime=5s", "deadlock_timeout=100ms"]
            case .measurements:
                [
                    "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=3GB",
                    "max_wal_size=8GB", "jit=off",
                ]
            }
        }
    }

    /// Where it listens, on 127.0.0.1.
    public nonisolated let port: Int
    private let folder: TemporaryFolder
    private let purpose: Purpose
    private let programs: PostgresPrograms
    private var running: (shell: ChildProcess, leash: OwnedDescriptor)?
    private var databases = 0
    private var template: Task<String, any Error>?

    /// Makes a server and starts it.
    ///
    /// - Parameter parent: the folder below which it keeps its files.
    public init(for purpose: Purpose = .tests, in parent: String = "/tmp") async throws {
        let programs = try PostgresPrograms()
        let folder = try TemporaryFolder(in: parent)
        self.purpose = purpose
        self.programs = programs
        self.folder = folder
        port = try Self.freePort()
        if let user = programs.user, chown(folder.path, user.id, user.group) != 0 {
            throw SystemError(errno, "give \(folder.path) away")
        }
        let log = folder.path + "/log"
        let initialization = try programs.shell(
            "exec \"$@\"",
            programs.command(
                "initdb",
                [
                    "--pgdata=\(folder.path)/data", "--username=muster", "--auth=trust", "--encoding=UTF8",
                    "--locale=C", "--no-sync", "--no-instructions",
                ]), in: folder.path, log: log, input: try .open("/dev/null", O_RDONLY))
        guard await initialization.wait() == .code(0) else {
            throw Failure(description: "initdb failed: \(Self.text(log))")
        }
        // Who is called locked needs a password.
        let rules = "host all locked 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
        try OwnedDescriptor.open("\(folder.path)/data/pg_hba.conf", O_WRONLY | O_TRUNC).writeAll(rules.utf8)
        try await start()
    }

    /// Starts it; returns when it answers.
    public func start() async throws {
        guard running == nil else { return }
        let leash = try OwnedDescriptor.pipe()
        let settings = [
            "port=\(port)", "listen_addresses=127.0.0.1", "unix_socket_directories=",
            "max_connections=300", "log_min_messages=fatal",
        ]
        let words = programs.command(
            "postgres", ["-D", "\(folder.path)/data"] + (settings + purpose.settings).flatMap { ["-c", $0] })
        // The leash's other end is this process's alone: when nobody holds it any more, the server ends for good.
        let script = """
            "$@" < /dev/null & server=$!
            read -r _; isOver=$?
            kill -QUIT $server; wait
            [ $isOver = 0 ] || rm -rf "$PWD"
            """
        let shell = try programs.shell(
            script, words, in: folder.path, log: folder.path + "/log", input: leash.reading)
        running = (shell, leash.writing)
        let clock = SystemClock()
        let deadline = clock.uptime() + .seconds(30)
        while true {
            do {
                try await execute("SELECT 1")
                return
            } catch {
                guard clock.uptime() < deadline else {
                    throw Failure(
                        description: "the server did not start: \(error) \(Self.text(folder.path + "/log"))")
                }
                try await clock.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Ends it at once, as a power cut would: every connection is lost, nothing that was committed is.
    public func stop() async {
        guard let (shell, leash) = running else { return }
        running = nil
        try? leash.writeAll([UInt8(ascii: "\n")])
        _ = await shell.wait()
    }

    /// An empty database of its own that has Muster's tables; its connection string.
    public func database() async throws -> String {
        let template =
            template
            ?? Task {
                let name = try await self.emptyDatabase("template_muster")
                try await PostgresStore.open(PostgresAddress(name)).close()
                return "template_muster"
            }
        self.template = template
        return try await database(from: try await template.value)
    }

    /// An empty database without tables; its connection string.
    public func emptyDatabase() async throws -> String { try await database(from: "template0") }

    /// Removes a database, whoever uses it.
    public func remove(_ database: String) async throws {
        let name = database.split(separator: "/").last.map(String.init) ?? database
        try await execute("DROP DATABASE \(name) WITH (FORCE)")
    }

    /// Runs SQL, in a database if one is named by its connection string; the first column of the answer.
    @discardableResult
    public func execute(_ sql: String, in database: String? = nil) async throws -> [String] {
        try await PostgresQuestion.ask(sql, in: database ?? address("postgres"))
    }

    private func emptyDatabase(_ name: String) async throws -> String {
        try await execute("CREATE DATABASE \(name) TEMPLATE template0")
        return address(name)
    }

    private func database(from template: String) async throws -> String {
        databases += 1
        let name = "test\(databases)"
        // Copying files is the quicker way where nothing waits for a disk.
        let version = Int(try await execute("SHOW server_version_num").first ?? "") ?? 0
        let strategy = version >= 150_000 ? " STRATEGY FILE_COPY" : ""
        try await execute("CREATE DATABASE \(name) TEMPLATE \(template)\(strategy)")
        return address(name)
    }

    private nonisolated func address(_ database: String) -> String {
        "postgresql://muster@127.0.0.1:\(port)/\(database)"
    }

    private static func freePort() throws -> Int {
        let socket = OwnedDescriptor(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = socket.number
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        guard isBound else { throw SystemError(errno, "find a free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? TextFile.read(path, limit: 1 << 16)) ?? [], as: UTF8.self)
    }
}
