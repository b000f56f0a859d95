import Glibc
import MusterTesting

/// OpenSSL's own test server, with a certificate that only those trust who are given `certificate`.
final class TLSServer: Sendable {
    static let program = "/usr/bin/openssl"
    static var isThere: Bool { access(program, X_OK) == 0 }

    let port: Int
    /// The file of the certificate, which is its own authority.
    let certificate: String
    private let folder: TemporaryFolder
    private let process: pid_t
    private let output: Int32

    /// Serves on the loopback address with a certificate for `names`, such as `DNS:host` or `IP:address`.
    init(names: String) throws {
        folder = try TemporaryFolder()
        certificate = folder.path + "/certificate.pem"
        let key = folder.path + "/key.pem"
        let making = try Self.spawn([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out",
            certificate,
        ])
        var status: Int32 = 0
        waitpid(making.process, &status, 0)
        close(making.output)
        guard status == 0 else { throw ListeningSocket.Failure(call: "openssl req") }

        (process, output) = try Self.spawn([
            "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www",
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

    private static func spawn(_ arguments: [String]) throws -> (process: pid_t, output: Int32) {
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
