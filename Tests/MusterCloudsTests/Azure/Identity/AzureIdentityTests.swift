import MusterClouds
import MusterCore
import MusterCrypto
import MusterRuntime
import MusterTesting
import Testing

@Suite("Azure's attested documents")
struct AzureIdentityTests {
    private static let worker = "launch-0"
    private static let subscription = "01234567-89ab-4cde-8f01-23456789abcd"
    private static let machine = "02aab8a4-74ef-476e-8182-f6d2ba4166a6"
    /// The fixtures' certificates begin in 2026, so that their document is of then.
    private static let moment = "2027-01-15T08:00:00Z"

    private static func document(_ changes: (String, String)...) throws -> [UInt8] {
        var text = try IdentityFixtures.text("azure-document.json")
            .replacing("11/28/18 00:16:17", with: "01/15/27 07:00:00")
            .replacing("11/28/18 06:16:17", with: "01/15/27 13:00:00")
        for (old, new) in changes { text = text.replacing(old, with: new) }
        return Array(text.utf8)
    }

    private static func identity(
        subscriptions: Set<String> = [subscription], intermediates: [String] = ["intermediate"],
        domains: [String] = ["metadata.azure.com"], machine: String? = machine
    ) throws -> AzureIdentity {
        AzureIdentity(
            subscriptions: subscriptions, roots: [try Certificate(pem: IdentityFixtures.text("root.pem"))],
            intermediates: try intermediates.map { try Certificate(pem: IdentityFixtures.text("\($0).pem")) },
            domains: domains
        ) { worker, group in
            worker.rawValue == Self.worker && group.rawValue == "westeurope" ? machine : nil
        }
    }

    private static func proof(
        _ document: [UInt8], signer: String = "signer", certificates: [String] = [], nonce: String? = nil
    ) async throws -> Document {
        let message = try await OpenSSLProgram.azureMessage(
            document, signer: signer, certificates: certificates)
        return Claim.proof([("document", Base64.text(message))] + (nonce.map { [("nonce", $0)] } ?? []))
    }

    private static func refused(
        _ proof: Document, by identity: AzureIdentity? = nil, worker: String = worker,
        at moment: String = moment
    ) async throws -> Problem? {
        let identity = try identity ?? Self.identity()
        return await refusal {
            try await identity.prove(Claim.make(worker, in: "westeurope", proof: proof, at: moment))
        }
    }

    @Test("prove their machine, with its facts")
    func proven() async throws {
        let proof = try await Self.proof(try Self.document())
        let proven = try await Self.identity().prove(
            Claim.make(Self.worker, in: "westeurope", proof: proof, at: Self.moment))
        #expect(proven.worker.rawValue == Self.worker)
        #expect(
            proven.facts == [
                "machine": Self.machine, "subscription": Self.subscription,
                "created": "2027-01-15T07:00:00.000Z",
                "expires": "2027-01-15T13:00:00.000Z", "sku": "22_04-lts-gen2",
            ])
    }

    @Test("bring their issuer along or not, and write ids in any case")
    func forms() async throws {
        let whole = try await Self.proof(try Self.document(), certificates: ["intermediate"])
        #expect(try await Self.refused(whole, by: Self.identity(intermediates: [])) == nil)
        let bare = try await Self.proof(try Self.document())
        #expect(try await Self.refused(bare, by: Self.identity(intermediates: [])) != nil)
        let upper = try await Self.proof(
            try Self.document(
                (Self.machine, Self.machine.uppercased()), (Self.subscription, Self.subscription.uppercased())
            ))
        #expect(try await Self.refused(upper) == nil)
        let settings = try Self.identity(
            subscriptions: [Self.subscription.uppercased()], machine: Self.machine.uppercased())
        #expect(try await Self.refused(bare, by: settings) == nil)
    }

    @Test("are signed by Azure's host, not by one that looks like it, nor below another root")
    func signers() async throws {
        let document = try Self.document()
        let named = try await Self.proof(document, signer: "signer-common-name")
        #expect(try await Self.refused(named) == nil)
        for other in ["signer-elsewhere", "signer-lookalike"] {
            let problem = try await Self.refused(try await Self.proof(document, signer: other))
            #expect(problem?.message.contains("its signer is not metadata.azure.com") == true, "\(other)")
        }
        let elsewhere = try await Self.proof(document, signer: "signer-elsewhere")
        #expect(try await Self.refused(elsewhere, by: Self.identity(domains: ["example.org"])) == nil)
        for (signer, certificates) in [
            ("signer-of-stranger", ["stranger"]), ("signer-below-signer", ["signer", "intermediate"]),
            ("region", []),
        ] {
            let forged = try await Self.proof(document, signer: signer, certificates: certificates)
            #expect(try await Self.refused(forged)?.code == .registrationRefused, "\(signer)")
        }
    }

    @Test("prove no other machine and nothing in another subscription")
    func others() async throws {
        let proof = try await Self.proof(try Self.document())
        #expect(
            try await Self.refused(proof, worker: "launch-1")?.message.contains("no machine launch-1") == true
        )
        let swapped = try Self.identity(machine: "12aab8a4-74ef-476e-8182-f6d2ba4166a6")
        #expect(try await Self.refused(proof, by: swapped)?.message.contains("another machine") == true)
        for subscriptions in [[], ["11234567-89ab-4cde-8f01-23456789abcd"]] as [Set<String>] {
            let other = try Self.identity(subscriptions: subscriptions)
            #expect(try await Self.refused(proof, by: other)?.message.contains("subscription") == true)
        }
    }

    @Test("are looked up only once they are believed")
    func lookUps() async throws {
        let lookUps = Locked(0)
        let identity = AzureIdentity(
            subscriptions: [Self.subscription],
            roots: [try Certificate(pem: IdentityFixtures.text("stranger.pem"))]
        ) { _, _ in
            lookUps.withLock { $0 += 1 }
            return Self.machine
        }
        #expect(try await Self.refused(try await Self.proof(try Self.document()), by: identity) != nil)
        #expect(lookUps.withLock { $0 } == 0)
    }

    @Test("have the nonce that the proof names")
    func nonces() async throws {
        let document = try Self.document()
        #expect(try await Self.refused(try await Self.proof(document, nonce: "20181128-001617")) == nil)
        for nonce in ["20181128-001618", "", "2018"] {
            let problem = try await Self.refused(try await Self.proof(document, nonce: nonce))
            #expect(problem?.message.contains("nonce") == true)
        }
    }

    @Test(
        "are taken from when they are made until they expire",
        arguments: [
            ("2027-01-15T06:59:00Z", true), ("2027-01-15T06:58:59Z", false), ("2027-01-15T13:01:00Z", true),
            ("2027-01-15T13:01:01Z", false), ("2030-01-01T00:00:00Z", false),
        ])
    func times(moment: String, isTaken: Bool) async throws {
        let proof = try await Self.proof(try Self.document())
        #expect((try await Self.refused(proof, at: moment) == nil) == isTaken)
    }

    @Test(
        "that lack what is needed, or have it in another form, are refused",
        arguments: [
            ("\"vmId\"", "\"id\""), ("\"subscriptionId\"", "\"id\""), ("\"timeStamp\"", "\"time\""),
            ("\"expiresOn\"", "\"expires\""), ("\"createdOn\"", "\"expiresOn\""), ("\"\(machine)\"", "7"),
            ("\"\(machine)\"", "\"\""), ("01/15/27 13:00:00 -0000", "2027-01-15T13:00:00Z"),
            ("01/15/27 13:00:00 -0000", "01/15/27 13:00:00 +0100"), ("01/15/27 13", "15/01/27 13"),
            ("01/15/27 13", "02/30/27 13"), ("01/15/27 13:00:00 -0000", "01/15/27 13:00:00  0000"),
            ("{\"licenseType\"", "[\"licenseType\""),
        ])
    func incomplete(old: String, new: String) async throws {
        let document = try Self.document((old, new))
        #expect(document != (try Self.document()))
        #expect(try await Self.refused(try await Self.proof(document))?.code == .registrationRefused)
    }

    @Test("Hostile proofs are refused, and repeat nothing")
    func hostile() async throws {
        for proof in Claim.hostileProofs {
            let problem = try await Self.refused(proof)
            #expect(problem?.code == .registrationRefused)
            #expect((problem?.message.utf8.count ?? 0) < 500)
        }
        var generator = SeededGenerator(seed: 4_096)
        let message = try await OpenSSLProgram.azureMessage(try Self.document())
        for _ in 0..<200 {
            let proof = Claim.proof([("document", Base64.text(generator.mutated(message)))])
            _ = try await Self.refused(proof)
        }
    }
}
