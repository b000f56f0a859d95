import MusterClouds
import MusterCore
import MusterCrypto
import MusterTesting
import Testing

@Suite("Google's identity tokens")
struct GoogleIdentityTests {
    private static let instance = "152986662232938449"
    private static let zone = "us-west1-a"
    /// Ten minutes after the example's token was issued.
    private static let moment = "2017-06-08T20:30:45Z"

    private static func keys() -> PublishedKeys {
        PublishedKeys(clock: ManualClock()) { () async throws(Problem) -> PublishedKeys.Answer in
            do {
                return PublishedKeys.Answer(
                    keys: try JSONWebKeySet(json: IdentityFixtures.bytes("keys.json")),
                    lifetime: .seconds(3_600))
            } catch {
                throw Problem(.networkFailed, "\(error)")
            }
        }
    }

    private static func identity(
        projects: Set<String> = ["my-project"], serviceAccounts: Set<String> = []
    ) -> GoogleIdentity {
        GoogleIdentity(keys: keys(), projects: projects, serviceAccounts: serviceAccounts)
    }

    private static func token(_ changes: (String, String)..., key: String = "region") throws -> String {
        var payload = try IdentityFixtures.text("google-token.json")
            .replacing("https://www.example.com", with: "https://muster.example.org")
        for (old, new) in changes { payload = payload.replacing(old, with: new) }
        let text = [#"{"alg":"RS256","kid":"first","typ":"JWT"}"#, payload]
            .map { Base64URL.text(Array($0.utf8)) }.joined(separator: ".")
        let signature = try RSAPrivateKey(pem: IdentityFixtures.text("\(key).key")).signSHA256(
            Array(text.utf8))
        return "\(text).\(Base64URL.text(signature))"
    }

    private static func refused(
        _ token: String, by identity: GoogleIdentity = identity(), worker: String = instance,
        zone: String = zone,
        at moment: String = moment
    ) async -> Problem? {
        await refusal {
            try await identity.prove(
                Claim.make(worker, in: zone, proof: Claim.proof([("token", token)]), at: moment))
        }
    }

    @Test("prove the instance of the documentation's example, with its facts")
    func proven() async throws {
        let claim = Claim.make(
            Self.instance, in: Self.zone, proof: Claim.proof([("token", try Self.token())]), at: Self.moment)
        let proven = try await Self.identity().prove(claim)
        #expect(proven.worker.rawValue == Self.instance)
        #expect(
            proven.facts == [
                "project": "my-project", "zone": "us-west1-a", "instance": Self.instance, "name": "example",
                "account": "107517467455664443765", "started": "2017-06-08T20:03:25.000Z",
            ])
    }

    @Test(
        "are refused for what they say",
        arguments: [
            ("https://accounts.google.com", "https://accounts.example.com", "somebody else"),
            ("https://accounts.google.com", "accounts.google.com", "somebody else"),
            ("https://muster.example.org", "https://other.example.org", "another audience"),
            ("\"my-project\"", "\"other-project\"", "another project"),
            ("\"my-project\"", "7", "another project"),
            ("\"152986662232938449\"", "\"152986662232938448\"", "another instance"),
            ("\"152986662232938449\"", "152986662232938449", "another instance"),
            ("\"us-west1-a\"", "\"us-west1-b\"", "another zone"), ("\"google\"", "\"other\"", "format=full"),
            ("\"compute_engine\"", "\"other\"", "format=full"), ("1496956845", "1496953305", "expired"),
            ("1496953245", "1999999999", "in the future"), ("\"zone\"", "\"project_id\"", "no JSON object"),
        ])
    func refused(old: String, new: String, reason: String) async throws {
        let problem = try #require(await Self.refused(try Self.token((old, new))))
        #expect(problem.code == .registrationRefused)
        #expect(problem.message.contains(reason), "\(problem)")
    }

    @Test("prove no other worker, and nothing in another provider's project")
    func others() async throws {
        let token = try Self.token()
        #expect(await Self.refused(token, worker: "1529866622329384491") != nil)
        #expect(await Self.refused(token, zone: "us-west1-b") != nil)
        #expect(await Self.refused(token, by: Self.identity(projects: [])) != nil)
        #expect(await Self.refused(token, by: Self.identity(projects: ["my-projec", "my-project2"])) != nil)
        #expect(await Self.refused(try Self.token(key: "region-other")) != nil)
    }

    @Test("of workers' service accounts are taken, by number or verified address")
    func serviceAccounts() async throws {
        let number = Self.identity(serviceAccounts: ["107517467455664443765"])
        let address = Self.identity(serviceAccounts: ["worker@example.org"])
        #expect(await Self.refused(try Self.token(), by: number) == nil)
        #expect(
            await Self.refused(try Self.token(), by: address)?.message.contains("service account") == true)
        let mail = #""azp": "107517467455664443765", "email": "worker@example.org", "email_verified": "#
        for (isVerified, isTaken) in [("true", true), ("false", false), ("\"true\"", false)] {
            let token = try Self.token((#""azp": "107517467455664443765""#, mail + isVerified))
            #expect((await Self.refused(token, by: address) == nil) == isTaken)
        }
    }

    @Test("end with their hour")
    func expired() async throws {
        let token = try Self.token()
        #expect(await Self.refused(token, at: "2017-06-08T21:21:44Z") == nil)
        #expect(await Self.refused(token, at: "2017-06-08T21:21:45Z") != nil)
        #expect(await Self.refused(token, at: "2017-06-08T20:19:44Z") != nil)
    }

    @Test("cannot be judged without Google's keys, which is not the worker's fault")
    func withoutKeys() async throws {
        let keys = PublishedKeys(clock: ManualClock()) { () async throws(Problem) -> PublishedKeys.Answer in
            throw Problem(.networkTimeout, "no answer in time")
        }
        let identity = GoogleIdentity(keys: keys, projects: ["my-project"])
        let problem = await Self.refused(try Self.token(), by: identity)
        #expect(problem?.code == .unavailable)
        #expect(problem?.message.contains("no answer in time") == true)
    }

    @Test("Hostile proofs are refused, and repeat nothing")
    func hostile() async throws {
        let identity = Self.identity()
        for proof in Claim.hostileProofs {
            let problem = await refusal {
                try await identity.prove(
                    Claim.make(Self.instance, in: Self.zone, proof: proof, at: Self.moment))
            }
            #expect(problem?.code == .registrationRefused)
            #expect((problem?.message.utf8.count ?? 0) < 500)
        }
        var generator = SeededGenerator(seed: 1_024)
        let token = try Self.token()
        for _ in 0..<200 {
            let changed = String(decoding: generator.mutated(Array(token.utf8)), as: UTF8.self)
            if changed != token {
                #expect(await Self.refused(changed, by: identity)?.code == .registrationRefused)
            }
        }
    }
}
