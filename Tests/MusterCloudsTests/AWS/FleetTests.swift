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
            #expect(outcome.refusals == [])
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
        #expect(outcome.refusals?.map(\.count) == [0, 0, 0, 0])
        let named = outcome.refusals?.map(\.error.kind)
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
        #expect(outcome.refusals?.map(\.count).reduce(0, +) == 7)
        #expect(
            Set(outcome.refusals?.map(\.error.kind) ?? []) == [
                .capacity(offering: "on-demand/c5.large/us-east-1a"),
                .capacity(offering: "on-demand/c5.large/us-east-1b"),
                .capacity(offering: "on-demand/m5.large/us-east-1a"),
                .capacity(offering: "on-demand/m5.large/us-east-1b"),
            ])
    }

    @Test(
        "An answer without instances, after one that was lost, is unclear until it is looked up",
        arguments: [false, true], [nil, 1] as [Int?])
    func emptyReplay(_ replaysErrors: Bool, _ capacity: Int?) async throws {
        let aws = try AWSHarness()
        aws.fake.set(replaysErrors: replaysErrors)
        if let capacity { aws.set(spotCapacity: capacity) }
        aws.fake.next("CreateFleet", .lostAfter)
        let call = try aws.call("launch-1", 6, AWSHarness.fleet)
        #expect(await aws.provider.launch(call).isUnclear)
        #expect(aws.fake.calls("CreateFleet") == 2, "the next market is not asked")
        let made = capacity.map { $0 * 4 } ?? 6
        #expect(aws.fake.instances.count == made)
        let found = try await aws.find(call)
        #expect(found.instances.count == made)
        #expect(found.instances.first?.offering == "spot/c5.large/us-east-1a")
        #expect(!found.isUnderWay)
        let again = try aws.call("launch-1", 6, AWSHarness.fleet, isRepeat: true)
        #expect(await aws.provider.launch(again).isAccepted)
        #expect(aws.fake.instances.count == made && aws.fake.calls("CreateFleet") == 2)
    }

    @Test(
        "A lost call that had made nothing is sent again, and goes on to the next market",
        arguments: [false, true])
    func emptyReplayOfNothing(_ replaysErrors: Bool) async throws {
        let aws = try AWSHarness()
        aws.fake.set(replaysErrors: replaysErrors)
        aws.set(spotCapacity: 0)
        aws.fake.next("CreateFleet", .lostAfter)
        #expect(await aws.provider.launch(try aws.call("launch-1", 3, AWSHarness.fleet)).isUnclear)
        #expect(aws.fake.instances.isEmpty)
        let again = await aws.provider.launch(try aws.call("launch-1", 3, AWSHarness.fleet, isRepeat: true))
        #expect(
            again.instances?.compactMap(\.offering)
                == Array(repeating: "on-demand/c5.large/us-east-1a", count: 3))
        #expect(again.refusals?.map(\.count).reduce(0, +) == 0)
        #expect(aws.fake.instances.count == 3)
    }

    @Test("Where no market is left after such a replay, the launch is settled, with a reason")
    func nothingLeft() async throws {
        let aws = try AWSHarness()
        aws.set(spotCapacity: 0)
        let content = AWSHarness.fleet.replacing("spot-then-on-demand", with: "spot")
        aws.fake.next("CreateFleet", .lostAfter)
        #expect(await aws.provider.launch(try aws.call("launch-1", 3, content)).isUnclear)
        let again = await aws.provider.launch(try aws.call("launch-1", 3, content, isRepeat: true))
        #expect(again.instances == [])
        #expect(again.refusals?.map(\.count) == [3])
        #expect(again.refusals?.map(\.error.kind) == [.transient])
        #expect(again.refusals?.first?.error.cloudCode == "fleet-forgotten")
    }

    @Test(
        "A refusal of the whole call after a lost one is unclear too, and no other market is asked",
        arguments: ["UnauthorizedOperation", "MaxSpotInstanceCountExceeded"])
    func refusedAfterLoss(_ code: String) async throws {
        let aws = try AWSHarness()
        aws.fake.next("CreateFleet", .lostAfter, .error(status: 400, code: code, message: "no"))
        let call = try aws.call("launch-1", 3, AWSHarness.fleet)
        #expect(await aws.provider.launch(call).isUnclear)
        #expect(aws.fake.instances.count == 3 && aws.fake.calls("CreateFleet") == 2)
    }

    @Test(
        "A template that somebody has removed is made again, and asked for by another token",
        arguments: [
            FakeEC2Fault.error(
                status: 400, code: "InvalidLaunchTemplateName.NotFoundException", message: "does not exist"),
            .noTemplate,
        ])
    func templateGone(_ fault: FakeEC2Fault) async throws {
        let aws = try AWSHarness()
        _ = await aws.provider.launch(try aws.call("launch-1", 1, AWSHarness.fleet))
        aws.fake.next("CreateFleet", fault)
        let outcome = await aws.provider.launch(try aws.call("launch-2", 1, AWSHarness.fleet))
        #expect(outcome.instances?.count == 1)
        #expect(aws.fake.calls("CreateLaunchTemplate") == 2)
    }
}
