import MusterClouds
import MusterCrypto
import Testing

@Suite("Azure's certificates")
struct AzureCertificatesTests {
    @Test("are all read; roots are signed by themselves, issuers by a root")
    func published() throws {
        let roots = AzureCertificates.roots
        #expect(
            roots.map { $0.subject.split(separator: ",").first ?? "" } == [
                "CN=DigiCert Global Root G2", "CN=Microsoft RSA Root Certificate Authority 2017",
                "CN=Microsoft TLS RSA Root G2",
            ])
        #expect(roots.filter(\.isSelfSigned).count == roots.count)
        let issuers = AzureCertificates.intermediates
        #expect(issuers.count == 6)
        for issuer in issuers {
            #expect(!issuer.isSelfSigned)
            #expect(throws: Never.self) {
                try TrustedRoots(roots).verify(issuer, through: [], at: 1_800_000_000)
            }
            // Muster's successors have to bring newer ones by then.
            #expect(throws: CryptoError.refused("a certificate of its signer's chain has expired")) {
                try TrustedRoots(roots).verify(issuer, through: [], at: 1_900_000_000)
            }
        }
    }
}
