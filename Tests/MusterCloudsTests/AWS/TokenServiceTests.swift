import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: token services of several regions")
struct TokenServiceTests {
    private static let role = AWSCredentialSettings.Role(arn: "arn:aws:iam::1:role/muster")
    private static let key = AWSCredentials(
        accessKeyID: "AKIA1", secretAccessKey: Secret("s1"), origin: "a test")

    private static func good(_ request: ReceivedRequest) -> Reply {
        .text(
            """
            <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId>
            <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """)
    }

    private func service(_ urls: String...) throws -> SecurityTokenService {
        SecurityTokenService(
            client: try HTTPClient(), clock: SystemClock(),
            places: urls.enumerated().map { .init(region: "region-\($0)", endpoint: $1) })
    }

    @Test(
        "Where one region's does not answer, or is not well, the next is asked, and asked first from then on",
        arguments: [nil, Reply.hangUp, .answer(status: 503), .answer(status: 429)] as [Reply?])
    func next(_ fault: Reply?) async throws {
        let bad = try LoopbackServer { _ in fault ?? .hangUp }
        let good = try LoopbackServer { Self.good($0) }
        let service = try service(fault == nil ? "http://127.0.0.1:1/" : bad.url(), good.url())
        #expect(try await service.assume(Self.role, with: Self.key).accessKeyID == "ASIA1")
        let signed = try #require(good.received.first?.values("Authorization").first)
        #expect(signed.contains("/region-1/sts/"), "signed for the region that is asked")
        let before = bad.received.count
        #expect(try await service.assume(Self.role, with: Self.key).accessKeyID == "ASIA1")
        #expect(good.received.count == 2 && bad.received.count == before)
    }

    @Test("A refusal is one everywhere: no other region is asked")
    func refused() async throws {
        let first = try LoopbackServer { _ in
            .answer(
                status: 403,
                body: Array(
                    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
                        .utf8))
        }
        let second = try LoopbackServer { Self.good($0) }
        let service = try service(first.url(), second.url())
        do throws(Problem) {
            _ = try await service.assume(Self.role, with: Self.key)
            Issue.record("the role was taken on")
        } catch {
            #expect(error.code == .unavailable && error.message.contains("AccessDenied"))
        }
        #expect(second.received.isEmpty)
    }

    @Test("Credentials that cannot be fetched for the network are the network's fault, and nothing was sent")
    func network() async throws {
        let fake = try FakeEC2()
        let client = try HTTPClient()
        let configuration = AWSConfiguration(
            id: ProviderID(rawValue: "aws"), fleet: "f", regions: ["us-east-1", "eu-west-1"],
            credentials: .init(role: Self.role),
            endpoints: .init(ec2: fake.url, sts: "http://127.0.0.1:1/{region}"),
            environment: FakeEC2.environment)
        let provider = AWSProvider(
            configuration: configuration, client: client,
            paced: PacedClient(client, clock: SystemClock(), seed: 1), clock: SystemClock(), log: .silent)
        let harness = try AWSHarness()
        let outcome = await provider.launch(try harness.call("launch-1", 1))
        #expect(outcome.refusals?.map(\.error.kind) == [.network], "\(outcome)")
        do {
            _ = try await provider.list(provider.realms[0])
            Issue.record("there was a list")
        } catch {
            #expect(error.kind == .network)
        }
        #expect(fake.allCalls == 0)
    }

    @Test("A metadata service that is not well, or falls silent, is the network's fault too")
    func metadata() async throws {
        let isWell = Locked(true)
        let server = try LoopbackServer { request in
            guard isWell.withLock({ $0 }) else { return .hangUp }
            switch request.path {
            case "/latest/api/token": return .text("token")
            case "/latest/meta-data/iam/security-credentials/": return .text("role")
            default: return .answer(status: 500)
            }
        }
        let source = InstanceMetadataCredentials(
            environment: ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url()], client: try HTTPClient())
        for _ in 0..<2 {
            do throws(Problem) {
                _ = try await source.fetch()
                Issue.record("there were credentials")
            } catch {
                #expect(error.isOfTheNetwork, "\(error)")
            }
            isWell.withLock { $0 = false }
        }
    }
}
