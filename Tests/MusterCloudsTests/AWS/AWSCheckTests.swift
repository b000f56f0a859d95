import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: checks")
struct AWSCheckTests {
    @Test("What may be done is good, what may not says what to permit, and nothing is changed")
    func permissions() async throws {
        let aws = try AWSHarness(regions: ["us-east-1"])
        aws.fake.deny("CreateFleet")
        let findings = await aws.provider.check()
        let byName = Dictionary(uniqueKeysWithValues: findings.map { ($0.name, $0) })
        #expect(byName["credentials"]?.verdict == .good)
        #expect(byName["credentials"]?.message.contains("user/fake") == true)
        for action in [
            "DescribeInstances", "DescribeInstanceStatus", "RunInstances", "TerminateInstances",
            "CreateLaunchTemplate",
        ] {
            #expect(byName["\(action) us-east-1"]?.verdict == .good, "\(action)")
        }
        let denied = byName["CreateFleet us-east-1"]
        #expect(denied?.verdict == .bad)
        #expect(denied?.remedy?.contains("ec2:CreateFleet") == true)
        #expect(byName["quota spot us-east-1"]?.verdict == .skipped, "the fake has no quotas")
        #expect(aws.fake.instances.isEmpty && aws.fake.templates.isEmpty)
    }

    @Test("Wrong credentials are said once, and nothing else is tried")
    func wrongCredentials() async throws {
        let fake = try FakeEC2()
        var environment = FakeEC2.environment
        environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
        let aws = try AWSHarness(
            fake: fake, clock: SystemClock(), regions: ["us-east-1"], fleet: "f", endpoint: fake.url,
            environment: environment)
        let findings = await aws.provider.check()
        #expect(findings.map(\.name) == ["credentials"])
        #expect(findings[0].verdict == .bad && findings[0].message.contains("SignatureDoesNotMatch"))
        #expect(!findings[0].message.contains("wrong"))
    }

    @Test("A clock that is off is found by the answer's date")
    func clocks() async throws {
        let server = try LoopbackServer { _ in
            .answer(
                headers: [("Date", "Wed, 21 Oct 2026 07:28:00 GMT")],
                body: Array(
                    """
                    <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/a</Arn>
                    <Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
                    """
                    .utf8))
        }
        let at = try #require(Timestamp("2026-10-21T07:28:00Z"))
        for (off, verdict) in [(5, ProviderFinding.Verdict.good), (-200, .warning), (90, .warning)] {
            let clock = ManualClock(at: at + .seconds(off))
            let aws = try AWSHarness(
                fake: try FakeEC2(), clock: clock, regions: ["us-east-1"], fleet: "f", endpoint: server.url(),
                environment: FakeEC2.environment)
            let found = await aws.provider.check().first { $0.name == "clock" }
            #expect(found?.verdict == verdict)
        }
    }

    @Test("Quotas are read where they may be")
    func quotas() async throws {
        let server = try LoopbackServer { request in
            guard request.values("X-Amz-Target") == ["ServiceQuotasV20190624.GetServiceQuota"] else {
                return .answer(status: 400)
            }
            let isSpot = String(decoding: request.body, as: UTF8.self).contains("L-34B43A08")
            return .text("{\"Quota\": {\"Value\": \(isSpot ? 0 : 64), \"QuotaName\": \"x\"}}")
        }
        let client = try HTTPClient()
        let configuration = AWSConfiguration(
            id: ProviderID(rawValue: "aws"), fleet: "f", regions: ["us-east-1"],
            endpoints: .init(quotas: server.url()))
        let credentials = ExpiringValue<AWSCredentials>(clock: ManualClock(), refreshBefore: .seconds(1)) {
            () async throws(Problem) -> (AWSCredentials, expiresAt: Timestamp?) in
            (AWSCredentials(accessKeyID: "A", secretAccessKey: Secret("b"), origin: "a test"), nil)
        }
        let quotas = AWSQuotas(
            configuration: configuration, credentials: credentials, client: client, clock: ManualClock())
        let found = await quotas.findings(in: "us-east-1")
        #expect(found.map(\.verdict) == [.good, .warning])
        #expect(found[0].message.contains("64 vCPUs"))
    }

    @Test("A launch config is tried by a dry run, and one that is wrong is said without asking")
    func validation() async throws {
        let aws = try AWSHarness()
        let good = await aws.provider.validate(try AWSHarness.content(AWSHarness.simple))
        #expect(good.map(\.verdict) == [.good])
        aws.fake.next(
            "RunInstances",
            .error(status: 400, code: "InvalidAMIID.NotFound", message: "The image id does not exist"))
        let bad = await aws.provider.validate(try AWSHarness.content(AWSHarness.simple))
        #expect(bad.map(\.verdict) == [.bad])
        #expect(bad[0].message.contains("does not exist"))
        let wrong = await aws.provider.validate(try AWSHarness.content("{\"region\": \"us-east-1\"}"))
        #expect(wrong.allSatisfy { $0.verdict == .bad })
        #expect(aws.fake.instances.isEmpty)
    }

    @Test("The settings of a provider are read, and what is wrong with them is said")
    func settings() throws {
        let text = """
            {"regions": ["us-east-1", "cn-north-1"], "profile": "ci", "accounts": ["123456789012"],
             "role": {"arn": "arn:aws:iam::1:role/muster", "externalId": "x", "sessionName": "m"},
             "endpoints": {"ec2": "http://127.0.0.1:5000/{region}"}, "tags": {"team": "ci"},
             "rates": {"RunInstances": {"burst": 10, "perSecond": 4, "instances": {"burst": 5000, "perSecond": 9}}}, "proofs": ["rsa2048"]}
            """
        func read(_ text: String) throws -> (AWSConfiguration, [Problem]) {
            let reader = DocumentReader(try AWSHarness.content(text))
            let found = AWSConfiguration(
                reader, id: ProviderID(rawValue: "aws"), fleet: "f", environment: [:])
            reader.refuseUnknown()
            return (found, reader.found)
        }
        let (good, none) = try read(text)
        #expect(none == [])
        #expect(good.regions == ["us-east-1", "cn-north-1"])
        #expect(good.credentials.role?.externalID == "x" && good.credentials.profile == "ci")
        #expect(good.rates["RunInstances"] == CallRate(burst: 10, perSecond: 4))
        #expect(good.instanceRates == ["RunInstances": CallRate(burst: 5_000, perSecond: 9)])
        #expect(good.ec2("us-east-1") == "http://127.0.0.1:5000/us-east-1")
        #expect(good.sts("cn-north-1") == "https://sts.cn-north-1.amazonaws.com.cn/")
        #expect(good.sts("us-east-1") == "https://sts.us-east-1.amazonaws.com/")
        for (wrong, field) in [
            ("{}", "regions"), (#"{"regions": ["US east"]}"#, "regions"),
            (#"{"regions": ["us-east-1"], "role": {}}"#, "role.arn"),
            (#"{"regions": ["us-east-1"], "endpoints": {"ec2": "nowhere"}}"#, "endpoints.ec2"),
            (#"{"regions": ["us-east-1"], "tags": {"aws:x": "y"}}"#, "tags"),
            (#"{"regions": ["us-east-1"], "rates": {"RunInstances": 7}}"#, "rates.RunInstances"),
            (
                #"{"regions": ["us-east-1"], "rates": {"DescribeSubnets": {"burst": 1, "perSecond": 1}}}"#,
                "rates.DescribeSubnets"
            ),
            (
                #"{"regions": ["us-east-1"], "rates": {"CreateFleet": {"burst": 1, "perSecond": 1, "instances": {}}}}"#,
                "rates.CreateFleet.instances"
            ),
            (#"{"regions": ["us-east-1"], "accounts": ["12"]}"#, "accounts"),
            (#"{"regions": ["us-east-1"], "proofs": ["word"]}"#, "proofs"),
            (#"{"regions": ["us-east-1"], "surprise": 1}"#, "surprise"),
        ] {
            #expect(try read(wrong).1.contains { $0.field == field }, "\(wrong)")
        }
    }
}
