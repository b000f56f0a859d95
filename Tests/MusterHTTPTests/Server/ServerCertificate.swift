import Glibc
import MusterTesting

/// A certificate and its key in files: its own authority, so that only those trust it who are given the file.
final class ServerCertificate: Sendable {
    /// The files, in PEM.
    let certificate: String
    let key: String
    private let folder: TemporaryFolder

    /// Makes one for `names`, such as `DNS:host` or `IP:address`.
    init(names: String) throws {
        folder = try TemporaryFolder()
        certificate = folder.path + "/certificate.pem"
        key = folder.path + "/key.pem"
        let making = try TLSServer.spawn([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2", "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out",
            certificate,
        ])
        var status: Int32 = 0
        waitpid(making.process, &status, 0)
        close(making.output)
        guard status == 0 else { throw ListeningSocket.Failure(call: "openssl req") }
    }
}
