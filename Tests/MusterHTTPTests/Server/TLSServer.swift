import Glibc
import MusterTesting

/// OpenSSL's own test server, with a certificate that only those trust who are given `certificate`.
final class TLSServer: Sendable {
    static let program = "/usr/bin/openssl"
    static var isThere: Bool { access(program, X_OK) == 0 }

    let port: Int
    /// The file of the certificate, which is its own authority.
    var certificate: String { files.certificate }
    private let files: ServerCertificate
    private let process: pid_t
    private let output: Int32

    /// Serves on the loopback address with a certificate for `names`, such as `DNS:host` or `IP:address`.
    init(names: String) throws {
        files = try ServerCertificate(names: names)
        (process, output) = try Self.spawn([
            "s_server", "-accept", "127.0.0.1:0", "-key", files.key, "-cert", files.certificate, "-www",
        ])
        port = Self.port(from: output)
        guard port > 0 else { throw ListeningSocket.Failure(call: "openssl s_server") }
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        close(output)
    }

    // It says "ACCEPT 127.0.0.1:40000" once it listens.
    private static func port(from output: Int32) -> Int {
        var text = ""
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1 {
            guard byte == UInt8(ascii: "\n") else {
                text.unicodeScalars.append(Unicode.Scalar(byte))
                continue
            }
            if text.hasPrefix("ACCEPT "), let port = text.split(separator: ":").last { return Int(port) ?? 0 }
            text = ""
        }
        return 0
    }

    /// Runs OpenSSL's command; what it prints can be read.
    static func spawn(_ arguments: [String]) throws -> (process: pid_t, output: Int32) {
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw ListeningSocket.Failure(call: "pipe") }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var texts = ([program] + arguments).map { strdup($0) } + [nil]
        defer {
            for text in texts { free(text) }
            posix_spawn_file_actions_destroy(&actions)
            close(pipe[1])
        }
        var process = pid_t()
        guard posix_spawn(&process, program, &actions, nil, &texts, environ) == 0 else {
            close(pipe[0])
            throw ListeningSocket.Failure(call: "posix_spawn")
        }
        return (process, pipe[0])
    }
}
