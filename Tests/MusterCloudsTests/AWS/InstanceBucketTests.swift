import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: the rates of calls and of instances")
struct InstanceBucketTests {
    @Test("Launches are counted by instances too, as EC2 does, in each region by itself")
    func launches() async throws {
        let clock = ManualClock()
        let buckets = InstanceBuckets([:], clock: clock)
        try await buckets.take(600, for: "RunInstances", in: "us-east-1", until: .seconds(20))
        try await buckets.take(400, for: "RunInstances", in: "us-east-1", until: .seconds(20))
        try await buckets.take(1_000, for: "RunInstances", in: "eu-west-1", until: .seconds(20))
        do throws(Problem) {
            try await buckets.take(41, for: "RunInstances", in: "us-east-1", until: .seconds(20))
            Issue.record("EC2 takes two a second")
        } catch {
            #expect(error.code == .callHeld)
        }
        let waiting = Task {
            try await buckets.take(40, for: "RunInstances", in: "us-east-1", until: .seconds(20))
        }
        await clock.untilSleeping(for: .seconds(20))
        clock.advance(by: .seconds(20))
        try await waiting.value
        try await buckets.take(1_000, for: "TerminateInstances", in: "us-east-1", until: .zero)
        try await buckets.take(10_000, for: "CreateFleet", in: "us-east-1", until: .zero)
    }

    @Test("A launch for which EC2 has no tokens is held, and nothing is sent")
    func held() async throws {
        let fake = try FakeEC2()
        let client = try HTTPClient()
        let configuration = AWSConfiguration(
            id: ProviderID(rawValue: "aws"), fleet: "fleet-1", regions: ["us-east-1"],
            endpoints: .init(ec2: fake.url, sts: fake.url),
            instanceRates: ["RunInstances": CallRate(burst: 3, perSecond: 0.001)],
            environment: FakeEC2.environment)
        let provider = AWSProvider(
            configuration: configuration, client: client,
            paced: PacedClient(client, clock: SystemClock(), seed: 1), clock: SystemClock(), log: .silent)
        let harness = try AWSHarness()
        #expect(await provider.launch(try harness.call("launch-1", 3)).instances?.count == 3)
        let held = await provider.launch(try harness.call("launch-2", 2))
        #expect(held.refusals?.map(\.error.cloudCode) == ["call-held"])
        #expect(held.refusals?.map(\.count) == [2])
        #expect(fake.calls("RunInstances") == 1)
    }

    @Test("All that describes shares one bucket")
    func describes() async throws {
        let aws = try AWSHarness()
        _ = try await aws.list()
        _ = try await aws.find(try aws.call("launch-1", 1))
        let figures = aws.provider.callFigures.filter { $0.calls > 0 }
        #expect(figures.map(\.kind.name) == ["Describe"])
        #expect(figures.map(\.calls) == [3])
    }
}
