import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("Certificates")
struct CertificateTests {
    private func certificate(_ name: String) throws -> Certificate {
        try Certificate(pem: IdentityFixtures.text("\(name).pem"))
    }

    @Test("have the thumbprints that openssl gives them")
    func thumbprints() throws {
        let signer = try certificate("signer")
        let expected = try IdentityFixtures.text("thumbprints.txt").split(separator: "\n").map {
            $0.split(separator: " ")[1].lowercased()
        }
        #expect([hex(signer.thumbprintSHA1), hex(signer.thumbprintSHA256)] == expected)
    }

    @Test("are the same in PEM, in DER, and written again")
    func forms() throws {
        let text = try IdentityFixtures.text("signer.pem")
        let signer = try Certificate(pem: text)
        #expect(try Certificate(der: signer.der) == signer)
        #expect(signer.pem == text)
        #expect(try Certificate(pem: "subject: somebody\n" + signer.pem + "more\n") == signer)
        #expect(try certificate("root") != signer)
    }

    @Test(
        "are for the hosts of their alternative names, else for their common name",
        arguments: [
            ("signer", ["westeurope.metadata.azure.com", "metadata.azure.com"], true),
            ("signer-common-name", ["eastus.metadata.azure.com"], true),
            ("signer-elsewhere", ["example.org"], false),
            ("signer-lookalike", ["metadata.azure.com.example.org", "notmetadata.azure.com"], false),
            ("root", [], false), ("region", [], false),
        ])
    func hosts(name: String, hosts: [String], isAzure: Bool) throws {
        let certificate = try certificate(name)
        #expect(certificate.hostNames == hosts)
        #expect(certificate.isFor(domain: "metadata.azure.com") == isAzure)
    }

    @Test("tell whom they are for, and from when to when")
    func subjects() throws {
        let certificate = try certificate("signer-common-name")
        #expect(certificate.subject == "CN=eastus.metadata.azure.com,O=Test")
        let validity = try #require(certificate.validity)
        #expect(validity.upperBound - validity.lowerBound == 36_500 * 86_400)
        #expect(Timestamp(milliseconds: validity.lowerBound * 1_000).description.hasPrefix("20"))
    }

    @Test(
        "are signed with their own key or not",
        arguments: [
            ("root", true), ("stranger", true), ("region", true), ("region-short", true), ("signer", false),
            ("intermediate", false),
        ])
    func selfSigned(name: String, isSelfSigned: Bool) throws {
        #expect(try certificate(name).isSelfSigned == isSelfSigned)
    }

    @Test("give their RSA keys, also short ones, and no others")
    func keys() throws {
        #expect(try certificate("region").rsaKey().bits == 2_048)
        #expect(try certificate("region-short").rsaKey().bits == 1_024)
        let text = Array("text".utf8)
        let signature = try RSAPrivateKey(pem: IdentityFixtures.text("region.key")).signSHA256(text)
        #expect(try certificate("region").rsaKey().verifies(signature, of: text, hash: .sha256))
        #expect(try !certificate("region-other").rsaKey().verifies(signature, of: text, hash: .sha256))
        let other = try certificate("region-dsa")
        #expect(throws: CryptoError.self) { try other.rsaKey() }
    }

    @Test("that are damaged are refused or read, and nothing else happens")
    func hostile() throws {
        var generator = SeededGenerator(seed: 509)
        let certificate = try certificate("signer")
        for _ in 0..<500 {
            let bytes = generator.mutated(certificate.der)
            guard let read = try? Certificate(der: bytes) else { continue }
            _ = (read.hostNames, read.subject, read.validity, read.isSelfSigned, try? read.rsaKey())
        }
        for count in stride(from: 0, to: certificate.der.count, by: 7) {
            let bytes = Array(certificate.der.prefix(count))
            #expect(throws: CryptoError.malformed("a certificate in DER")) { try Certificate(der: bytes) }
        }
        let longer = certificate.der + [0]
        #expect(throws: CryptoError.malformed("a certificate in DER")) { try Certificate(der: longer) }
        #expect(throws: CryptoError.self) { try Certificate(pem: "") }
        let large = [UInt8](repeating: 0x30, count: CryptoPolicy.keyBytes + 1)
        #expect(throws: CryptoError.tooLarge(limit: CryptoPolicy.keyBytes)) { try Certificate(der: large) }
    }
}
