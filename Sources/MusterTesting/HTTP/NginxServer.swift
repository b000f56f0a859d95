import Glibc
import MusterCore
import MusterRuntime

/// nginx on a free port of the loopback address, for what a server of a hundred lines cannot be: HTTP/2 over TLS, and
/// quick. Gone with its value, and with the process that started it, however that ends.
public final class NginxServer: Sendable {
    /// The port.
    public let port: Int
    private let folder: TemporaryFolder
    /// Its end of the pipe is this process's alone: when nobody holds it any more, the server ends.
    private let leash: OwnedDescriptor
    /// What it writes about itself; held open, so that its writing never fails.
    private let log: OwnedDescriptor

    /// Whether it is installed.
    public static var isThere: Bool { program != nil }

    /// Starts it; returns when it listens.
    ///
    /// - Parameters:
    ///   - parent: the folder below which it keeps its files.
    ///   - server: what stands in its `server` block, after `listen`.
    /// - Throws: `Problem` `unavailable` when it is not installed, or does not start.
    public init(in parent: String = "/tmp", isSecure: Bool = false, server: String) throws {
        guard let program = Self.program else {
            throw Problem(.unavailable, "nginx is not installed: apt-get install nginx-light")
        }
        folder = try TemporaryFolder(in: parent)
        let socket = try ListeningSocket.onLoopback()
        close(socket.descriptor)
        port = Int(socket.port)
        let configuration = Self.configuration(
            folder: folder.path, listen: "127.0.0.1:\(port)\(isSecure ? " ssl http2" : "")", server)
        try DurableFile.write(Array(configuration.utf8), to: folder.path + "/nginx.conf", mode: 0o600)

        let (held, leash) = try OwnedDescriptor.pipe()
        let (log, errors) = try OwnedDescriptor.pipe()
        self.leash = leash
        self.log = log
        let script = """
            "$@" < /dev/null & server=$!
            exec 2> /dev/null; read -r _; kill $server; wait
            """
        _ = try ChildProcess.spawn(
            SpawnRequest(
                executable: "/bin/sh",
                arguments: [
                    "-c", script, "sh", program, "-e", "stderr", "-p", folder.path, "-c",
                    folder.path + "/nginx.conf",
                ], environment: ["PATH": "/usr/sbin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
                folder: folder.path,
                descriptors: [held, try .open("/dev/null", O_WRONLY), errors], group: .ownSession))
        try awaitStart()
    }

    /// The server's address with a path; `scheme` as it was started.
    public func url(_ path: String = "/", scheme: String = "http") -> String {
        "\(scheme)://127.0.0.1:\(port)\(path)"
    }

    /// The first thing that it says once it listens is how it waits for events.
    private func awaitStart() throws {
        var text = ""
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while !text.contains("event method") {
            let count = read(log.number, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Problem(.unavailable, "nginx did not start: \(text)") }
            text += String(decoding: chunk[..<count], as: UTF8.self)
        }
    }

    private static var program: String? {
        ExecutablePath.find("nginx", path: "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    }

    // One process, which needs no other user and leaves nobody behind.
    private static func configuration(folder: String, listen: String, _ server: String) -> String {
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder)/\($0);"
        }
        return """
            daemon off;
            master_process off;
            pid \(folder)/pid;
            error_log stderr notice;
            events { worker_connections 2048; }
            http {
                access_log off;
                keepalive_requests 1000000000;
                \(places.joined(separator: "\n    "))
                server {
                    listen \(listen);
                    \(server)
                }
            }
            """
    }
}
