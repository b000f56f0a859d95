import MusterClouds
import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("AWS instance identity documents")
struct AWSIdentityTests {
    private static let instance = "i-1234567890abcdef0"
    /// Two hours after the example's instance was started.
    private static let moment = "2016-11-19T18:32:11Z"

    private static func document(_ changes: (String, String)...) throws -> [UInt8] {
        var text = try IdentityFixtures.text("aws-document.json")
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return Array(text.utf8)
    }

    /// Documents of us-west-2 are signed with this certificate of the fixtures.
    private static func identity(
        _ certificate: String = "region", accounts: Set<String> = [],
        formats: Set<AWSIdentityFormat> = [.rsa2048, .signature]
    ) throws -> AWSIdentity {
        var certificates = AWSRegionCertificates()
        try certificates.add(
            pem: ["us-west-2": IdentityFixtures.text("\(certificate).pem")], field: "certificates")
        return AWSIdentity(certificates: certificates, accounts: accounts, formats: formats)
    }

    private static func certificates(_ texts: [String]) throws -> AWSRegionCertificates {
        var certificates = AWSRegionCertificates()
        for text in texts { try certificates.add(pem: ["us-west-2": text], field: "certificates") }
        return certificates
    }

    private static func message(
        _ document: [UInt8], signer: String = "region", options: [String] = ["-nocerts"]
    ) async throws -> Document {
        let message = try await OpenSSLProgram.signedMessage(document, signer: signer, options: options)
        return Claim.proof([("rsa2048", Base64.text(message))])
    }

    private static func bare(_ document: [UInt8], key: String = "region") throws -> Document {
        let signature = try RSAPrivateKey(pem: IdentityFixtures.text("\(key).key")).signSHA256(document)
        return Claim.proof([
            ("document", String(decoding: document, as: UTF8.self)), ("signature", Base64.text(signature)),
        ])
    }

    private static func refused(
        _ proof: Document, by identity: AWSIdentity, worker: String = instance, group: String = "us-west-2",
        at moment: String = moment, own: String? = nil
    ) async -> Problem? {
        await refusal {
            try identity.prove(
                Claim.make(worker, in: group, proof: proof, at: moment), own: own)
        }
    }

    @Test("prove the instance of the documentation's example, in both forms, with its facts")
    func proven() async throws {
        let document = try Self.document()
        for proof in [try await Self.message(document), try Self.bare(document)] {
            let claim = Claim.make(Self.instance, in: "us-west-2", proof: proof, at: Self.moment)
            let proven = try Self.identity(accounts: ["123456789012"]).prove(claim, own: nil)
            #expect(proven.worker.rawValue == Self.instance)
            #expect(
                proven.facts == [
                    "account": "123456789012", "region": "us-west-2", "zone": "us-west-2b",
                    "type": "t2.micro",
                    "image": "ami-5fb8c835", "architecture": "x86_64", "privateIp": "10.158.112.84",
                    "started": "2016-11-19T16:32:11.000Z",
                ])
        }
    }

    @Test("are taken as the metadata service writes them: in lines, and with openssl's lines around")
    func lines() async throws {
        let message = try await OpenSSLProgram.signedMessage(try Self.document(), signer: "region")
        let text = Array(Base64.text(message).utf8)
        let wrapped = stride(from: 0, to: text.count, by: 64).map {
            String(decoding: text[$0..<min($0 + 64, text.count)], as: UTF8.self)
        }.joined(separator: "\n")
        for text in [wrapped, "-----BEGIN PKCS7-----\n\(wrapped)\n-----END PKCS7-----\n"] {
            #expect(await Self.refused(Claim.proof([("rsa2048", text)]), by: try Self.identity()) == nil)
        }
    }

    @Test("come with the nonce of a worker that may ask again, or without")
    func nonces() async throws {
        let message = try #require(try await Self.message(try Self.document()).text("rsa2048"))
        let identity = try Self.identity()
        #expect(
            await Self.refused(Claim.proof([("rsa2048", message), ("nonce", "abc")]), by: identity) == nil)
        let long = String(repeating: "a", count: 129)
        #expect(
            await Self.refused(Claim.proof([("rsa2048", message), ("nonce", long)]), by: identity) != nil)
    }

    @Test("prove no other worker, region or account")
    func others() async throws {
        let proof = try await Self.message(try Self.document())
        let identity = try Self.identity()
        #expect(
            await Self.refused(proof, by: identity, worker: "i-0abc")?.message.contains("instanceId") == true)
        #expect(
            await Self.refused(proof, by: identity, group: "us-east-1")?.message.contains("us-east-1") == true
        )
        let other = try Self.identity(accounts: ["210987654321"])
        #expect(await Self.refused(proof, by: other)?.message.contains("account") == true)
        // Where settings name no account, it is that of Muster's own credentials.
        #expect(await Self.refused(proof, by: identity, own: "123456789012") == nil)
        #expect(
            await Self.refused(proof, by: identity, own: "210987654321")?.message.contains("account") == true)
        let named = try Self.identity(accounts: ["123456789012"])
        #expect(await Self.refused(proof, by: named, own: "210987654321") == nil)
        // A region whose certificate is known does not vouch for another.
        var both = AWSRegionCertificates()
        for region in ["us-east-1", "us-west-2"] {
            try both.add(pem: [region: IdentityFixtures.text("region.pem")], field: "certificates")
        }
        let wide = AWSIdentity(certificates: both)
        #expect(await Self.refused(proof, by: wide, group: "us-east-1")?.message.contains("region") == true)
    }

    @Test("that AWS did not sign are refused, whoever signed them")
    func forged() async throws {
        let document = try Self.document()
        let identity = try Self.identity()
        let certificateWithin = try await Self.message(document, signer: "region-other", options: [])
        #expect(await Self.refused(certificateWithin, by: identity)?.code == .registrationRefused)
        #expect(await Self.refused(try Self.bare(document, key: "region-other"), by: identity) != nil)
        let changed = try Self.document(("ami-5fb8c835", "ami-5fb8c836"))
        let signature = try #require(try Self.bare(document)["signature"])
        let swapped = Document(
            .object([
                Document.Member("document", Document(.string(String(decoding: changed, as: UTF8.self)))),
                Document.Member("signature", signature),
            ]))
        #expect(await Self.refused(swapped, by: identity) != nil)
        let message = try await OpenSSLProgram.signedMessage(
            document, signer: "region", options: ["-nocerts"])
        let start = try #require(message.firstIndex(of: UInt8(ascii: "{")))
        // Means the same, and yet is not what was signed.
        let tampered = Array(message[...start]) + [UInt8(ascii: " ")] + message[(start + 2)...]
        #expect(await Self.refused(Claim.proof([("rsa2048", Base64.text(tampered))]), by: identity) != nil)
    }

    @Test(
        "are taken from their instance's start for a day",
        arguments: [
            ("2016-11-19T16:31:12Z", true), ("2016-11-19T16:31:10Z", false), ("2016-11-20T16:32:11Z", true),
            ("2016-11-20T16:32:12Z", false), ("2027-01-01T00:00:00Z", false),
        ])
    func age(moment: String, isTaken: Bool) async throws {
        let proof = try Self.bare(try Self.document())
        #expect((await Self.refused(proof, by: try Self.identity(), at: moment) == nil) == isTaken)
    }

    @Test(
        "that lack what is needed, or have it in another form, are refused",
        arguments: [
            (#""instanceId""#, #""instance""#), (#""region""#, #""place""#), (#""pendingTime""#, #""time""#),
            (#""2016-11-19T16:32:11Z""#, #""yesterday""#), (#""i-1234567890abcdef0""#, "7"),
            (#""us-west-2""#, #"["us-west-2"]"#), (#""version""#, #""region""#), ("{", "["), ("}", ""),
        ])
    func incomplete(old: String, new: String) async throws {
        let proof = try Self.bare(try Self.document((old, new)))
        #expect(await Self.refused(proof, by: try Self.identity())?.code == .registrationRefused)
    }

    @Test("may have members that nobody knows")
    func unknownMembers() async throws {
        let proof = try Self.bare(try Self.document(("{", #"{ "new" : { "in" : [ 2030 ] },"#)))
        #expect(await Self.refused(proof, by: try Self.identity()) == nil)
    }

    @Test("with short keys are taken in the forms that have them, and with SHA-1 only where that is set")
    func weak() async throws {
        let document = try Self.document()
        let short = try IdentityFixtures.text("region-short.pem")
        #expect(try Certificate(pem: short).rsaKey().bits == 1_024)
        let message = try await OpenSSLProgram.signedMessage(
            document, signer: "region-dsa", options: ["-nocerts", "-md", "sha1"])
        let text = Base64.text(message)
        let strict = try Self.identity("region-dsa")
        for name in ["pkcs7", "rsa2048"] {
            #expect(await Self.refused(Claim.proof([(name, text)]), by: strict) != nil)
        }
        let lenient = try Self.identity("region-dsa", formats: [.pkcs7])
        #expect(await Self.refused(Claim.proof([("pkcs7", text)]), by: lenient) == nil)
        // A region has both keys: the short one signs none of the form with the long one.
        let both = AWSIdentity(
            certificates: try Self.certificates([short, IdentityFixtures.text("region.pem")]),
            formats: [.rsa2048, .signature])
        let byShort = try await Self.message(document, signer: "region-short")
        #expect(await Self.refused(byShort, by: both)?.code == .registrationRefused)
        #expect(await Self.refused(try await Self.message(document), by: both) == nil)
        let byDefault = AWSIdentity(certificates: try Self.certificates([short]))
        let refused = await Self.refused(try Self.bare(document), by: byDefault)
        #expect(refused?.message.contains("\"signature\"") == true)
    }

    @Test("come in one form at a time")
    func ambiguous() async throws {
        let document = try Self.document()
        let text = String(decoding: document, as: UTF8.self)
        let message = try #require(try await Self.message(document).text("rsa2048"))
        let signature = try #require(try Self.bare(document).text("signature"))
        let identity = try Self.identity()
        for members in [
            [("rsa2048", message), ("signature", signature), ("document", text)], [("signature", signature)],
            [("rsa2048", message), ("document", text)], [("document", text)],
            [("rsa2048", message), ("more", "x")],
        ] {
            #expect(await Self.refused(Claim.proof(members), by: identity)?.code == .registrationRefused)
        }
    }

    @Test("Hostile proofs are refused, and repeat nothing")
    func hostile() async throws {
        let identity = try Self.identity(formats: Set(AWSIdentityFormat.allCases))
        for proof in Claim.hostileProofs {
            let problem = await Self.refused(proof, by: identity)
            #expect(problem?.code == .registrationRefused)
            #expect((problem?.message.utf8.count ?? 0) < 500)
        }
        var generator = SeededGenerator(seed: 2_048)
        let message = try await OpenSSLProgram.signedMessage(
            try Self.document(), signer: "region", options: ["-nocerts"])
        for _ in 0..<200 {
            let proof = Claim.proof([("rsa2048", Base64.text(generator.mutated(message)))])
            _ = await Self.refused(proof, by: identity)
        }
        let nested = Array(String(repeating: "[", count: 10_000).utf8)
        #expect(await Self.refused(try Self.bare(nested), by: identity)?.code == .registrationRefused)
    }
}

extension Document {
    fileprivate func text(_ name: String) -> String? {
        guard case .string(let text) = self[name]?.value else { return nil }
        return text
    }
}
