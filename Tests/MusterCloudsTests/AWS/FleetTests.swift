import MusterCore
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: launches by CreateFleet")
struct FleetTests {
    @Test("A fleet launch makes its template once, and spot instances")
    func launches() async throws {
        let aws = try AWSHarness()
        for launch in 1...3 {
            let outcome = await aws.provider.launch(try aws.call("launch-\(launch)", 4, AWSHarness.fleet))
            #expect(outcome.instances?.count == 4)
            #expect(outcome.allRefusals == [])
            #expect(outcome.instances?.first?.offering == "spot/c5.large/us-east-1a")
        }
        #expect(aws.fake.calls("CreateLaunchTemplate") == 1)
        #expect(aws.fake.templates.count == 1)
        #expect(aws.fake.calls("CreateFleet") == 3)
        let made = aws.fake.instances
        #expect(made.count == 12)
        #expect(
            made.allSatisfy { $0.isSpot && $0.image == "ami-0123456789abcdef0" && $0.subnet == "subnet-a" })
        #expect(made[0].tags["muster-launch"] == "launch-1")
        #expect(made[0].tags["muster-deployment"] == "fleet-1")
        #expect(!made[0].userData.isEmpty)
    }

    @Test("What spot has no capacity for is had on demand, in the same launch")
    func fallsBack() async throws {
        let aws = try AWSHarness()
        for (type, zone) in [("c5.large", "a"), ("m5.large", "a"), ("c5.large", "b"), ("m5.large", "b")] {
            aws.fake.set(
                capacity: type == "m5.large" && zone == "b" ? 2 : 0, of: "spot/\(type)/us-east-1\(zone)")
        }
        let outcome = await aws.provider.launch(try aws.call("launch-1", 5, AWSHarness.fleet))
        let offerings = outcome.instances?.compactMap(\.offering)
        #expect(
            offerings == Array(repeating: "spot/m5.large/us-east-1b", count: 2)
                + Array(repeating: "on-demand/c5.large/us-east-1a", count: 3))
        // Every spot offering was short, and nothing is missing.
        #expect(outcome.allRefusals?.map(\.count) == [0, 0, 0, 0])
        let named = outcome.allRefusals?.map(\.error.kind)
        #expect(named?.contains(.capacity(offering: "spot/c5.large/us-east-1b")) == true)
        #expect(aws.fake.calls("CreateFleet") == 2)
    }

    @Test("Errors name the overrides, and what is missing is counted once")
    func partial() async throws {
        let aws = try AWSHarness()
        let content = AWSHarness.fleet.replacing("spot-then-on-demand", with: "on-demand")
        for type in ["c5.large", "m5.large"] {
            aws.fake.set(capacity: type == "c5.large" ? 3 : 0, of: "\(type)/us-east-1a")
            aws.fake.set(capacity: 0, of: "\(type)/us-east-1b")
        }
        let outcome = await aws.provider.launch(try aws.call("launch-1", 10, content))
        #expect(outcome.instances?.count == 3)
        #expect(outcome.allRefusals?.map(\.count).reduce(0, +) == 7)
        #expect(
            Set(outcome.allRefusals?.map(\.error.kind) ?? []) == [
                .capacity(offering: "on-demand/c5.large/us-east-1a"),
                .capacity(offering: "on-demand/c5.large/us-east-1b"),
                .capacity(offering: "on-demand/m5.large/us-east-1a"),
                .capacity(offering: "on-demand/m5.large/us-east-1b"),
            ])
    }

    @Test("An answer that says nothing, as a repeated call's, is unclear until it is looked up")
    func emptyReplay() async throws {
        let aws = try AWSHarness()
        aws.fake.next("CreateFleet", .lostAfter)
        let call = try aws.call("launch-1", 2, AWSHarness.fleet)
        #expect(await aws.provider.launch(call).isUnclear)
        #expect(aws.fake.instances.count == 2)
        let found = try await aws.find(call)
        #expect(found.instances.count == 2)
        #expect(found.instances.first?.offering == "spot/c5.large/us-east-1a")
        #expect(!found.isUnderWay)
    }

    @Test("A template that somebody has removed is made again")
    func templateGone() async throws {
        let aws = try AWSHarness()
        _ = await aws.provider.launch(try aws.call("launch-1", 1, AWSHarness.fleet))
        aws.fake.next(
            "CreateFleet",
            .error(
                status: 400, code: "InvalidLaunchTemplateName.NotFoundException", message: "does not exist"))
        let outcome = await aws.provider.launch(try aws.call("launch-2", 1, AWSHarness.fleet))
        #expect(outcome.instances?.count == 1)
        #expect(aws.fake.calls("CreateLaunchTemplate") == 2)
    }

    @Test("A config that changes gets another template, and old ones that nobody uses are removed")
    func templateCare() async throws {
        let clock = ManualClock()
        let aws = try AWSHarness(clock: clock)
        _ = await aws.provider.launch(try aws.call("launch-1", 1, AWSHarness.fleet))
        let other = AWSHarness.fleet.replacing("ami-0123456789abcdef0", with: "ami-0000000000000000f")
        _ = await aws.provider.launch(try aws.call("launch-2", 1, other))
        let templates = aws.fake.templates
        #expect(templates.count == 2)
        _ = try await aws.list()
        #expect(aws.fake.templates.count == 2)
        clock.advance(by: .seconds(6 * 86_400))
        _ = await aws.provider.launch(try aws.call("launch-3", 1, other))
        clock.advance(by: .seconds(2 * 86_400))
        _ = try await aws.list()
        #expect(aws.fake.templates.count == 1, "the one that was used two days ago stays")
        let again = await aws.provider.launch(try aws.call("launch-4", 1, AWSHarness.fleet))
        #expect(again.instances?.count == 1)
    }
}
