import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS's certificates")
struct AWSRegionCertificatesTests {
    @Test("are all read, signed with their own keys, of the size they stand under, and each region's own")
    func published() throws {
        let published = AWSPublishedCertificates.rsa2048
        #expect(published.count == 39)
        var keys: Set<[UInt8]> = []
        for (region, text) in published {
            let certificate = try Certificate(der: try #require(Base64.bytes(wrapped: text), "\(region)"))
            #expect(certificate.isSelfSigned, "\(region)")
            #expect(try certificate.rsaKey().bits == 2_048, "\(region)")
            #expect(try #require(certificate.validity).contains(1_800_000_000), "\(region)")
            #expect(keys.insert(certificate.thumbprintSHA256).inserted, "\(region)")
            #expect(AWSRegionCertificates.published.of(region).contains(certificate), "\(region)")
        }
        for (regions, text) in AWSPublishedCertificates.rsa1024 {
            let certificate = try Certificate(der: try #require(Base64.bytes(wrapped: text)))
            #expect(certificate.isSelfSigned)
            #expect(try certificate.rsaKey().bits == 1_024)
            for region in regions {
                #expect(published[region] != nil, "\(region)")
                #expect(AWSRegionCertificates.published.of(region).contains(certificate), "\(region)")
            }
        }
        #expect(AWSRegionCertificates.published.regions == published.keys.sorted())
        #expect(AWSRegionCertificates.published.of("moon-north-1").isEmpty)
    }

    @Test("are added by settings, once each")
    func added() throws {
        var certificates = AWSRegionCertificates()
        let text = try IdentityFixtures.text("region.pem")
        try certificates.add(pem: ["new-north-1": text], field: "f")
        try certificates.add(pem: ["new-north-1": text], field: "f")
        #expect(certificates.of("new-north-1") == [try Certificate(pem: text)])
        let problem = Problem(.inputInvalid, "it is not a certificate in PEM", field: "f.x")
        #expect(throws: problem) { try certificates.add(pem: ["x": "no"], field: "f") }
    }
}
