import MusterCore
import MusterCrypto
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("Credentials for Azure")
struct AzureCredentialTests {
    /// What openssl says of the certificate's SHA-256.
    private static let thumbprint = "a-nUOseSTf5hndupoVS6n8amQWaEIJ9Kk4ImdkPwN94"

    private func token(_ bench: AzureBench) async throws -> String {
        try await bench.provider.api.token.current().reveal()
    }

    private func pem() throws -> String {
        String(decoding: try AzureBench.fixture("azure/client-certificate.pem"), as: UTF8.self)
    }

    @Test("a secret is shown to the directory, and a wrong one is refused without being told")
    func secret() async throws {
        let bench = try AzureBench()
        #expect(try await token(bench) == "fake-token-1")
        let wrong = try AzureBench(
            credential: .clientSecret(tenant: FakeAzure.tenant, client: FakeAzure.client) {
                () throws(Problem) in
                Secret("another&secret=1")
            })
        do {
            _ = try await token(wrong)
            Issue.record("a wrong secret was taken")
        } catch let problem as Problem {
            #expect(problem.code == .notAuthenticated)
            #expect(problem.message.contains("AADSTS7000215"))
            // The directory's description is not shown: it may quote what was sent.
            #expect(!problem.message.contains("secret=") && !problem.message.contains("a-client-secret"))
        }
    }

    @Test("a certificate's key signs an assertion for the endpoint and the moment")
    func certificate() async throws {
        let pem = try pem()
        let credential = AzureCredential.clientCertificate(tenant: FakeAzure.tenant, client: FakeAzure.client)
        {
            () throws(Problem) in Secret(pem)
        }
        let bench = try AzureBench(credential: credential) { $0.certificate = pem }
        #expect(try await token(bench) == "fake-token-1")

        let fetch = AzureTokenFetch(
            configuration: bench.provider.configuration,
            client: PacedClient(bench.client, clock: bench.clock, seed: 1),
            clock: bench.clock)
        let form = String(decoding: try #require(try fetch.request().body), as: UTF8.self)
        let assertion = try #require(form.split(separator: "&").first { $0.hasPrefix("client_assertion=") })
            .dropFirst(17)
        let parts = assertion.split(separator: ".").map(String.init)
        let head = try JSON.document(try #require(Base64URL.bytes(parts[0])))
        #expect(head["alg"]?.asText == "RS256" && head["x5t#S256"]?.asText == Self.thumbprint)
        let key = try Certificate(pem: pem).rsaKey()
        let signature = try #require(Base64URL.bytes(parts[2]))
        #expect(key.verifies(signature, of: Array("\(parts[0]).\(parts[1])".utf8), hash: .sha256))
    }

    @Test(
        "a certificate that cannot be used is a problem that quotes nothing",
        arguments: ["", "-----BEGIN CERTIFICATE-----"])
    func brokenCertificate(text: String) async throws {
        let credential = AzureCredential.clientCertificate(tenant: FakeAzure.tenant, client: FakeAzure.client)
        {
            () throws(Problem) in Secret(text + "a-secret-key")
        }
        let bench = try AzureBench(credential: credential)
        do {
            _ = try await token(bench)
            Issue.record("it was taken")
        } catch let problem as Problem {
            #expect(problem.code == .inputInvalid && !problem.message.contains("a-secret-key"))
        }
        // The certificate of another.
        let pem = try pem()
        let other = try AzureBench(
            credential: .clientCertificate(tenant: FakeAzure.tenant, client: FakeAzure.client) {
                () throws(Problem) in Secret(pem)
            })
        await #expect(throws: Problem.self) { try await self.token(other) }
    }

    @Test("a machine's identity, of the metadata service and of an app's endpoint")
    func managedIdentity() async throws {
        let bench = try AzureBench(credential: .managedIdentity(client: nil))
        #expect(try await token(bench) == "fake-token-1")
        let app = try AzureBench(
            cloud: bench.cloud, credential: .managedIdentity(client: FakeAzure.client),
            environment: [
                "IDENTITY_ENDPOINT": "\(bench.cloud.base)/identity", "IDENTITY_HEADER": "an-identity-header",
            ])
        #expect(try await token(app) == "fake-token-2")
        let wrong = try AzureBench(
            cloud: bench.cloud, credential: .managedIdentity(client: nil),
            environment: ["IDENTITY_ENDPOINT": "\(bench.cloud.base)/identity", "IDENTITY_HEADER": "x"])
        await #expect(throws: Problem.self) { try await self.token(wrong) }
    }

    @Test("a workload's token is read from its file each time")
    func workloadIdentity() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/token"
        try DurableFile.write(Array("stale".utf8), to: file, mode: 0o600)
        let bench = try AzureBench(
            credential: .workloadIdentity(tenant: nil, client: nil, tokenFile: nil),
            environment: [
                "AZURE_TENANT_ID": FakeAzure.tenant, "AZURE_CLIENT_ID": FakeAzure.client,
                "AZURE_FEDERATED_TOKEN_FILE": file,
            ])
        await #expect(throws: Problem.self) { try await self.token(bench) }
        try DurableFile.write(Array("a-federated-token\n".utf8), to: file, mode: 0o600)
        bench.clock.advance(by: .seconds(120))
        #expect(try await token(bench) == "fake-token-1")
        let nothing = try AzureBench(credential: .workloadIdentity(tenant: nil, client: nil, tokenFile: nil))
        await #expect(throws: Problem.self) { try await self.token(nothing) }
    }

    @Test("a token is fetched once for all who wait, and again before it ends")
    func once() async throws {
        let bench = try AzureBench()
        let api = bench.provider.api
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await api.token.current() } }
            try await group.waitForAll()
        }
        #expect(bench.cloud.counts["token"] == 1)
        bench.clock.advance(by: .seconds(2_900))
        #expect(try await token(bench) == "fake-token-1")
        bench.clock.advance(by: .seconds(200))
        // Given out as long as it holds, while another is fetched beside it.
        _ = try await token(bench)
        bench.clock.advance(by: .seconds(600))
        #expect(try await token(bench) == "fake-token-2")
    }

    @Test(
        "answers of token endpoints as Microsoft documents them",
        arguments: [("token-managed-identity", Int64(3_599)), ("token-client-credentials", 3_599)])
    func documented(name: String, life: Int64) throws {
        let answer = try JSON.decode(AzureTokenAnswer.self, from: AzureBench.fixture("azure/\(name).json"))
        let now = Timestamp(milliseconds: 0)
        #expect(answer.end(from: now) == now + .seconds(life))
    }

    @Test(
        "an end is within a day, whatever an answer says",
        arguments: [
            (#"{"access_token": "t", "expires_in": 99999999999}"#, Int64(86_400)),
            (#"{"access_token": "t", "expires_in": -5}"#, 0), (#"{"access_token": "t"}"#, 3_600),
            (#"{"access_token": "t", "expires_on": "9223372036854775807"}"#, nil),
            (#"{"access_token": "t", "expires_in": {"x": 1}, "expires_on": "1800"}"#, 1_800),
        ])
    func ends(text: String, seconds: Int64?) throws {
        let answer = try JSON.decode(AzureTokenAnswer.self, from: Array(text.utf8))
        let end = try #require(answer.end(from: Timestamp(milliseconds: 0)))
        #expect(end <= Timestamp(milliseconds: 86_400_000))
        if let seconds { #expect(end == Timestamp(milliseconds: seconds * 1_000)) }
    }

    @Test(
        "what is no token is refused, and nothing of it is shown",
        arguments: [
            (200, "{}"), (200, "x-secret"), (200, #"{"access_token": "x-secret\u000d\u000aHost: y"}"#),
            (500, "x-secret"), (400, #"{"error": "x-secret x"}"#),
        ])
    func noToken(status: Int, body: String) throws {
        let bench = try AzureBench()
        let fetch = AzureTokenFetch(
            configuration: bench.provider.configuration,
            client: PacedClient(bench.client, clock: bench.clock, seed: 1),
            clock: bench.clock)
        do {
            _ = try fetch.read(HTTPResponse(status: status, headers: [], body: Array(body.utf8)))
            Issue.record("it was taken")
        } catch {
            #expect(!error.message.contains("x-secret"))
        }
    }

    @Test("the directory's refusal as Microsoft documents it: the codes and nothing else")
    func refusal() throws {
        let refusal = try JSON.decode(
            AzureTokenRefusal.self, from: AzureBench.fixture("azure/token-refused.json"))
        #expect(refusal.summary == "invalid_scope (AADSTS70011)")
    }

    @Test("clouds differ in where they are", arguments: AzureEndpoints.Cloud.allCases)
    func clouds(cloud: AzureEndpoints.Cloud) {
        let endpoints = AzureEndpoints(cloud)
        #expect(endpoints.management == endpoints.audience && endpoints.login.hasPrefix("https://login."))
        #expect(!endpoints.isManagement("https://management.azure.com.example.org/subscriptions"))
        #expect(endpoints.isManagement(endpoints.management + "/subscriptions"))
    }

    @Test("no secret is in what is logged, thrown or printed")
    func nothingShown() async throws {
        let lines = Locked<[String]>([])
        let log = Log(to: CollectedLog(lines: lines), level: .debug)
        let bench = try AzureBench(environment: ["IDENTITY_HEADER": "an-identity-header"], log: log) {
            $0.hasGraph = false
        }
        let (_, sent) = try await bench.launch(2)
        _ = try await bench.found(sent)
        _ = try await bench.list()
        bench.cloud.change { $0.faults.outages = 1 }
        var errors = "\((await bench.provider.terminate(["l0-0"])))"
        errors +=
            "\(await bench.provider.check())\(bench.provider.callFigures)\(bench.provider.configuration)"
        let all = lines.withLock { $0 }.joined(separator: "\n") + errors
        for secret in ["a-client-secret", "an-identity-header", "fake-token", "token-of", "Aa1-"] {
            #expect(!all.contains(secret))
        }
    }
}

/// Keeps what is logged.
private struct CollectedLog: LogSink {
    let lines: Locked<[String]>

    func write(_ line: LogLine) { lines.withLock { $0.append("\(line)") } }
}
