import FoundationEssentials
import Glibc
import MusterRuntime

/// The openssl program, which signs what tests let Muster verify.
public enum OpenSSLProgram {
    /// It said no.
    public struct Failure: Error {
        /// What it was asked.
        public let arguments: [String]
    }

    /// A PKCS #7 message in DER with `content` in it, signed with the key of the fixtures' certificate `signer`.
    ///
    /// - Parameters:
    ///   - certificates: what goes into the message beside the signer's certificate.
    ///   - options: more of `openssl smime`: `-noattr` signs the bare content as Azure does, `-nocerts` leaves the
    ///     certificates out as AWS does.
    public static func signedMessage(
        _ content: [UInt8], signer: String, certificates: [String] = [], options: [String] = []
    ) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let (input, output) = ("\(folder.path)/content", "\(folder.path)/message")
        try Data(content).write(to: URL(filePath: input))
        var arguments = [
            "smime", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", input, "-out", output,
            "-signer",
            "\(IdentityFixtures.folder)/\(signer).pem", "-inkey", "\(IdentityFixtures.folder)/\(signer).key",
        ]
        if !certificates.isEmpty {
            let chain = try certificates.map { try IdentityFixtures.text("\($0).pem") }.joined()
            try Data(chain.utf8).write(to: URL(filePath: "\(folder.path)/chain"))
            arguments += ["-certfile", "\(folder.path)/chain"]
        }
        try await run(arguments + options)
        return Array(try Data(contentsOf: URL(filePath: output)))
    }

    /// A signed message as Azure writes it: with the bare content signed, and with SHA-256 named by the signature
    /// that is made with it.
    public static func azureMessage(
        _ content: [UInt8], signer: String = "signer", certificates: [String] = []
    ) async throws -> [UInt8] {
        var message = try await signedMessage(
            content, signer: signer, certificates: certificates, options: ["-noattr"])
        let digest: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
        let signature: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]
        for place in 0..<max(0, message.count - digest.count)
        where message[place..<place + digest.count].elementsEqual(digest) {
            message.replaceSubrange(place..<place + digest.count, with: signature)
        }
        return message
    }

    /// Runs it with these arguments and waits for it.
    public static func run(_ arguments: [String]) async throws {
        let nothing = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let process = try ChildProcess.launch(
            SpawnRequest(
                executable: "/usr/bin/openssl", arguments: arguments,
                descriptors: [nothing, nothing, nothing]))
        guard await process.wait().isSuccess else { throw Failure(arguments: arguments) }
    }
}
