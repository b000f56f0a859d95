import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: whose account it is")
struct AccountTests {
    @Test("The account is asked once for a key, by one for all, and again for another key")
    func place() async throws {
        let aws = try AWSHarness()
        let all = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await aws.provider.place() } }
            var all: [String?] = []
            for await one in group { all.append(one) }
            return all
        }
        #expect(all == Array(repeating: "123456789012", count: 20))
        #expect(aws.fake.calls("GetCallerIdentity") == 1)
        let clock = ManualClock()
        let key = Locked("AKIA1")
        let credentials = ExpiringValue<AWSCredentials>(clock: clock, refreshBefore: .seconds(1)) {
            () async throws(Problem) -> (AWSCredentials, expiresAt: Timestamp?) in
            let id = key.withLock { $0 }
            return (
                AWSCredentials(accessKeyID: id, secretAccessKey: Secret("s"), origin: "a test"),
                clock.now() + .seconds(60)
            )
        }
        let accounts = Locked(["111111111111", "222222222222"])
        let server = try LoopbackServer { _ in
            let account = accounts.withLock { $0.removeFirst() }
            return .text(
                """
                <GetCallerIdentityResponse><GetCallerIdentityResult><Account>\(account)</Account>
                </GetCallerIdentityResult></GetCallerIdentityResponse>
                """)
        }
        let look = AccountLook(
            SecurityTokenService(
                client: aws.client, clock: clock, places: [.init(region: "us-east-1", endpoint: server.url())]
            ),
            credentials)
        #expect(try await look.account() == "111111111111")
        clock.advance(by: .seconds(61))
        #expect(try await look.account() == "111111111111", "the same key, fetched anew")
        key.withLock { $0 = "AKIA2" }
        clock.advance(by: .seconds(61))
        #expect(try await look.account() == "222222222222")
    }

    @Test("A private cloud without a token service has no account, and AWS's is not asked about its key")
    func privateCloud() async throws {
        let fake = try FakeEC2()
        let client = try HTTPClient()
        let configuration = AWSConfiguration(
            id: ProviderID(rawValue: "aws"), fleet: "f", regions: ["us-east-1"],
            endpoints: .init(ec2: fake.url, quotas: fake.url), environment: FakeEC2.environment)
        let provider = AWSProvider(
            configuration: configuration, client: client,
            paced: PacedClient(client, clock: SystemClock(), seed: 1), clock: SystemClock(), log: .silent)
        #expect(try await provider.place() == nil)
        let findings = await provider.check()
        #expect(findings.first { $0.name == "credentials" }?.verdict == .skipped)
        #expect(findings.contains { $0.name == "RunInstances us-east-1" && $0.verdict == .good })
        #expect(fake.calls("GetCallerIdentity") == 0)
    }

    @Test("Who cannot be asked is no reason to refuse a worker for good, nor to take it")
    func proofs() async throws {
        let aws = try AWSHarness()
        let other = try AWSHarness(
            fake: aws.fake, clock: SystemClock(), regions: ["us-east-1"], fleet: "f",
            endpoint: "http://127.0.0.1:1/", environment: FakeEC2.environment)
        let claim = IdentityClaim(
            worker: WorkerID(rawValue: "i-0abc"), group: WorkerGroup(rawValue: "us-east-1"),
            proof: try AWSHarness.content(#"{"rsa2048": "AAAA"}"#), at: Timestamp(milliseconds: 0),
            audience: "https://muster.example.org")
        do throws(Problem) {
            _ = try await other.provider.prove(claim)
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .unavailable)
        }
        do throws(CloudError) {
            _ = try await other.provider.place()
            Issue.record("there was an account")
        } catch {
            #expect(error.kind == .network)
        }
    }
}
