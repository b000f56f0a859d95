import FoundationEssentials
import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("Signed messages")
struct SignedMessageTests {
    private static let content = Array("{\"vmId\": \"1\"}\n".utf8)
    /// A moment within all certificates' time.
    private static let moment: Int64 = 1_800_000_000

    private static func certificate(_ name: String) throws -> Certificate {
        try Certificate(pem: IdentityFixtures.text("\(name).pem"))
    }

    private static func verify(
        _ message: [UInt8], root: String = "root", intermediates: [String] = ["intermediate"],
        at moment: Int64 = moment
    ) throws -> SignedMessage {
        try SignedMessage(
            message, roots: TrustedRoots([try certificate(root)]),
            intermediates: try intermediates.map(certificate), at: moment)
    }

    private static func refusal(_ body: () throws -> SignedMessage) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    // With a chain.

    @Test("are believed when their chain leads to the root", arguments: [["-noattr"], [], ["-stream"]])
    func chain(options: [String]) async throws {
        let bare = try await OpenSSLProgram.signedMessage(Self.content, signer: "signer", options: options)
        let message = try Self.verify(bare)
        #expect(message.content == Self.content)
        #expect(try message.signer == Self.certificate("signer"))
        let whole = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "signer", certificates: ["intermediate"], options: options)
        #expect(try Self.verify(whole, intermediates: []).content == Self.content)
        // What nobody needs does no harm, the root of the same name included.
        #expect(
            try Self.verify(whole, intermediates: ["stranger", "region", "intermediate"]).content
                == Self.content)
    }

    @Test("are refused without the issuer's certificate, or with another root of its name")
    func otherRoot() async throws {
        let message = try await OpenSSLProgram.signedMessage(Self.content, signer: "signer")
        let reason = "no trusted root vouches for its signer's certificate"
        #expect(Self.refusal { try Self.verify(message, intermediates: []) } == reason)
        #expect(Self.refusal { try Self.verify(message, root: "stranger") } != nil)
        #expect(Self.refusal { try Self.verify(message, root: "region", intermediates: []) } == reason)
        // An end certificate within the message is no authority, and bringing a root along helps nobody.
        let below = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "signer-below-signer", certificates: ["signer", "intermediate"])
        #expect(Self.refusal { try Self.verify(below) }?.contains("not vouched for") == true)
        let strangers = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "signer-of-stranger", certificates: ["stranger"])
        #expect(Self.refusal { try Self.verify(strangers) } != nil)
        #expect(try Self.verify(strangers, root: "stranger").content == Self.content)
    }

    @Test("are refused before and after their certificates' time")
    func times() async throws {
        let message = try await OpenSSLProgram.signedMessage(Self.content, signer: "signer")
        let early = Self.refusal { try Self.verify(message, at: 1_700_000_000) }
        #expect(early == "a certificate of its signer's chain is not valid yet")
        let late = Self.refusal { try Self.verify(message, at: 5_000_000_000) }
        #expect(late == "a certificate of its signer's chain has expired")
    }

    @Test("whose signer has no chain are refused, whatever their own certificate says")
    func selfSigned() async throws {
        let message = try await OpenSSLProgram.signedMessage(Self.content, signer: "region")
        #expect(
            Self.refusal { try Self.verify(message) }
                == "no trusted root vouches for its signer's certificate")
    }

    // With a pinned signer.

    @Test(
        "are believed when the pinned certificate's key signed them",
        arguments: [["-nocerts"], [], ["-nocerts", "-stream"]])
    func pinned(options: [String]) async throws {
        let message = try await OpenSSLProgram.signedMessage(Self.content, signer: "region", options: options)
        let pinned = try ["region-other", "region"].map(Self.certificate)
        let verified = try SignedMessage(message, signedBy: pinned)
        #expect(verified.content == Self.content)
        #expect(try verified.signer == Self.certificate("region"))
        // A certificate in the message is not one that is pinned.
        let others = try [Self.certificate("region-other")]
        for pinned in [others, []] {
            #expect(throws: CryptoError.self) { try SignedMessage(message, signedBy: pinned) }
        }
    }

    @Test("with SHA-1 are believed only where that is said, as AWS's with DSA")
    func short() async throws {
        let message = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "region-dsa", options: ["-nocerts", "-md", "sha1"])
        let pinned = try [Self.certificate("region-dsa")]
        #expect(throws: CryptoError.unsupported("it is signed with a hash that is not trusted")) {
            try SignedMessage(message, signedBy: pinned)
        }
        #expect(try SignedMessage(message, signedBy: pinned, allowsSHA1: true).content == Self.content)
        let broken = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "region", options: ["-nocerts", "-md", "md5"])
        let region = try [Self.certificate("region")]
        #expect(throws: CryptoError.self) { try SignedMessage(broken, signedBy: region, allowsSHA1: true) }
    }

    // Of whatever form.

    @Test("have their content within them, and one signer")
    func forms() async throws {
        let region = try [Self.certificate("region")]
        let fixtures = IdentityFixtures.folder
        let two = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "region",
            options: ["-signer", "\(fixtures)/region-other.pem", "-inkey", "\(fixtures)/region-other.key"])
        #expect(throws: CryptoError.unsupported("a signed message has one signer")) {
            try SignedMessage(two, signedBy: region)
        }
        let folder = try TemporaryFolder()
        try await OpenSSLProgram.run([
            "smime", "-sign", "-binary", "-outform", "DER", "-in", "\(fixtures)/aws-document.json", "-out",
            "\(folder.path)/message", "-signer", "\(fixtures)/region.pem", "-inkey", "\(fixtures)/region.key",
        ])
        try await OpenSSLProgram.run([
            "crl2pkcs7", "-nocrl", "-certfile", "\(fixtures)/region.pem", "-outform", "DER", "-out",
            "\(folder.path)/certificates",
        ])
        for name in ["message", "certificates"] {
            let message = try Array(Data(contentsOf: URL(filePath: "\(folder.path)/\(name)")))
            #expect(throws: CryptoError.self) { try SignedMessage(message, signedBy: region) }
        }
    }

    @Test("that were changed in any place are refused, or say the same")
    func tampered() async throws {
        let message = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "region", options: ["-nocerts", "-noattr"])
        let region = try [Self.certificate("region")]
        for place in message.indices {
            var changed = message
            changed[place] ^= 1
            // A few bits, such as those of a version, are under no signature; the content always is.
            if let verified = try? SignedMessage(changed, signedBy: region) {
                #expect(verified.content == Self.content)
            }
        }
        let start = try #require(message.firstIndex(of: UInt8(ascii: "{")))
        let changed = Array(message[...start]) + [UInt8(ascii: "w")] + message[(start + 2)...]
        #expect(throws: CryptoError.self) { try SignedMessage(changed, signedBy: region) }
    }

    @Test("that are hostile are refused, and nothing else happens")
    func hostile() async throws {
        var generator = SeededGenerator(seed: 2_315)
        let message = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "signer", certificates: ["intermediate"])
        let region = try [Self.certificate("region")]
        for _ in 0..<500 {
            let changed = generator.mutated(message)
            if let verified = try? Self.verify(changed) { #expect(verified.content == Self.content) }
            #expect(throws: CryptoError.self) { try SignedMessage(changed, signedBy: region) }
        }
        for count in stride(from: 0, to: message.count, by: 11) {
            let cut = Array(message.prefix(count))
            #expect(throws: CryptoError.self) { try Self.verify(cut) }
        }
        #expect(throws: CryptoError.self) { try Self.verify(message + [0]) }
        let large = [UInt8](repeating: 0x30, count: CryptoPolicy.messageBytes + 1)
        #expect(throws: CryptoError.tooLarge(limit: CryptoPolicy.messageBytes)) { try Self.verify(large) }
        // Sequences of indefinite length within each other, as deep as they may be.
        let deep = [UInt8]((0..<CryptoPolicy.messageBytes / 2).flatMap { _ in [0x30, 0x80] as [UInt8] })
        #expect(throws: CryptoError.self) { try Self.verify(deep) }
        let crowd = try await OpenSSLProgram.signedMessage(
            Self.content, signer: "signer",
            certificates: ["intermediate", "root", "stranger", "region", "region-other", "region-short"])
        #expect(try Self.verify(crowd).content == Self.content)
    }
}
