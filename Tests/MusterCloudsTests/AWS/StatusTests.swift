import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: what the checks say of instances")
struct StatusTests {
    @Test("Failed checks and planned maintenance are notices, asked for with one call beside each listing")
    func notices() async throws {
        let clock = ManualClock()
        let aws = try AWSHarness(clock: clock)
        let ids = try #require(await aws.provider.launch(try aws.call("launch-1", 3)).instances).map(\.id)
        let due = clock.now() + .seconds(3_600)
        aws.fake.change(String(ids[0].dropFirst(10))) { $0.check = "impaired" }
        aws.fake.change(String(ids[1].dropFirst(10))) { $0.events = [("instance-retirement", due)] }
        let stranger = aws.fake.addInstance(region: "us-east-1", tags: [:])
        aws.fake.change(stranger) { $0.check = "impaired" }
        let expected = [1, 1, 1, 2, 2]
        for (index, count) in expected.enumerated() {
            let notices = try await aws.list().notices
            #expect(notices.map(\.instanceID) == Array(ids.prefix(count)))
            #expect(notices.map(\.kind) == Array([.impaired, .maintenance(at: due)].prefix(count)))
            #expect(aws.fake.calls("DescribeInstanceStatus") == index + 1)
            #expect(aws.fake.calls("DescribeInstances") == index + 1)
            clock.advance(by: .seconds(15))
        }
        aws.fake.deny("DescribeInstanceStatus")
        let listing = try await aws.list()
        #expect(listing.instances.count == 3 && listing.notices.count == 2, "a list does without the checks")
        clock.advance(by: .seconds(600))
        #expect(try await aws.list().notices.isEmpty, "what was seen long ago is not said")
    }

    @Test("A look at the checks that is slow holds up no list, and that it fails is no fault of the list's")
    func slow() async throws {
        let clock = ManualClock()
        let aws = try AWSHarness(clock: clock)
        let ids = try #require(await aws.provider.launch(try aws.call("launch-1", 2)).instances).map(\.id)
        aws.fake.change(String(ids[0].dropFirst(10))) { $0.check = "impaired" }
        aws.fake.next("DescribeInstanceStatus", .text("<html>late</html>"))
        #expect(try await aws.list().instances.count == 2)
        let gate = try LoopbackServer { _ in .silence }
        var configuration = aws.configuration
        configuration.endpoints.ec2 = gate.url()
        let looking = StatusLook(
            EC2Calls(
                .init(aws.client, clock: clock, seed: 1), configuration,
                ExpiringValue(clock: clock, refreshBefore: .zero) {
                    () async throws(Problem) -> (AWSCredentials, expiresAt: Timestamp?) in
                    (AWSCredentials(accessKeyID: "A", secretAccessKey: Secret("b"), origin: "a test"), nil)
                }, clock: clock), clock: clock, log: .silent)
        let asides = AsideTasks(clock: clock)
        let listing = FleetListing(
            configuration: aws.configuration, calls: aws.provider.calls, status: looking, asides: asides,
            clock: clock)
        let listed = Task { try await listing.list("us-east-1").instances.count }
        try await gate.requests.reach(1)
        await clock.untilSleeping(for: CloudPolicy.awsStatusPatience)
        clock.advance(by: CloudPolicy.awsStatusPatience)
        #expect(try await listed.value == 2)
        asides.cancel()
        await asides.settled()
    }

    @Test("Accounts of any size are asked for trouble alone")
    func bounded() async throws {
        let aws = try AWSHarness()
        for _ in 0..<3_000 { aws.fake.addInstance(region: "us-east-1", tags: [:]) }
        _ = await aws.provider.launch(try aws.call("launch-1", 5))
        let before = aws.fake.allCalls
        #expect(try await aws.list().instances.count == 5)
        #expect(aws.fake.allCalls - before == 2)
    }
}
