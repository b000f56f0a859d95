import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: secrets in what EC2 says")
struct SecretTests {
    private static let token = "FwoGZXIvYXdzEJr//////////wEaDH+token/of=a=session+that+is+long"

    private func harness() throws -> AWSHarness {
        let fake = try FakeEC2()
        var environment = FakeEC2.environment
        environment["AWS_SESSION_TOKEN"] = Self.token
        return try AWSHarness(
            fake: fake, clock: SystemClock(), regions: ["us-east-1"], fleet: "fleet-1", endpoint: fake.url,
            environment: environment)
    }

    private func holdsSecret(_ text: String) -> Bool {
        text.contains(Self.token) || text.contains(FakeEC2.secretAccessKey) || text.contains("Signature=")
            || text.contains(PercentEncoding.encode(Self.token))
    }

    @Test(
        "A service that tells back what it was sent does not get it into an error",
        arguments: ["SignatureDoesNotMatch", "UnauthorizedOperation", "InvalidParameterValue", "Surprise"])
    func echoed(_ code: String) async throws {
        let aws = try harness()
        aws.fake.next("RunInstances", .echo(status: 400, code: code))
        let outcome = await aws.provider.launch(try aws.call("launch-1", 1))
        let error = try #require(outcome.refusals?.first?.error)
        #expect(error.cloudCode == code)
        #expect(!holdsSecret("\(error)"), "\(error)")
        if error.kind == .auth {
            #expect(error.message.contains("muster provider check"))
        } else {
            #expect(error.message.contains("Canonical String"), "what is no secret is told")
        }
        aws.fake.next("DescribeInstances", .echo(status: 400, code: code))
        do {
            _ = try await aws.list()
            Issue.record("there was a list")
        } catch {
            #expect(!holdsSecret("\(error)"))
        }
        aws.fake.next("TerminateInstances", .echo(status: 400, code: code))
        let ended = await aws.provider.terminate(["us-east-1/i-0123456789abcdef0"])
        #expect(ended.values.allSatisfy { !holdsSecret("\($0)") })
    }

    @Test("Errors of a fleet's overrides are told in the same way")
    func fleets() throws {
        var redaction = Redaction()
        redaction.add(
            AWSCredentials(
                accessKeyID: "ASIA1", secretAccessKey: Secret("a/secret/key/of/forty/characters/or/more"),
                sessionToken: Secret(Self.token), origin: "a test"), [])
        func answer(_ code: String) throws -> FleetAnswer {
            let text = """
                <CreateFleetResponse><errorSet><item><errorCode>\(code)</errorCode>
                <errorMessage>you sent \(Self.token)</errorMessage></item></errorSet></CreateFleetResponse>
                """
            return try FleetAnswer(
                EC2Answer(action: "CreateFleet", body: Array(text.utf8), redaction: redaction))
        }
        #expect(try answer("InvalidParameterValue").refused.map(\.message) == ["you sent ••••"])
        #expect(try answer("UnauthorizedOperation").refused.allSatisfy { !$0.message.contains("you sent") })
    }
}
