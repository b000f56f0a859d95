import MusterCore
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: launch templates that nobody needs any more")
struct TemplateCareTests {
    private static let other = AWSHarness.fleet.replacing(
        "ami-0123456789abcdef0", with: "ami-0000000000000000f")

    private func care(_ aws: AWSHarness) async throws {
        _ = try await aws.list()
        await aws.provider.asides.settled()
    }

    @Test("A config that changes gets another template, and old ones that nobody uses are removed")
    func unused() async throws {
        let clock = ManualClock()
        let aws = try AWSHarness(clock: clock)
        _ = await aws.provider.launch(try aws.call("launch-1", 1, AWSHarness.fleet))
        _ = await aws.provider.launch(try aws.call("launch-2", 1, Self.other))
        #expect(aws.fake.templates.count == 2)
        try await care(aws)
        #expect(aws.fake.templates.count == 2)
        clock.advance(by: .seconds(6 * 86_400))
        _ = await aws.provider.launch(try aws.call("launch-3", 1, Self.other))
        clock.advance(by: .seconds(2 * 86_400))
        try await care(aws)
        #expect(aws.fake.templates.count == 1, "the one that was used two days ago stays")
        let again = await aws.provider.launch(try aws.call("launch-4", 1, AWSHarness.fleet))
        #expect(again.instances?.count == 1)
    }

    @Test("What one process uses, no other removes, also one that begins after its end")
    func others() async throws {
        let clock = ManualClock()
        let first = try AWSHarness(clock: clock)
        let fake = first.fake
        _ = await first.provider.launch(try first.call("launch-1", 1, AWSHarness.fleet))
        _ = await first.provider.launch(try first.call("launch-2", 1, Self.other))
        clock.advance(by: .seconds(9 * 86_400))
        // Another process launches once, and is gone after its next listing.
        let second = try AWSHarness(fake: fake, clock: clock)
        _ = await second.provider.launch(try second.call("launch-3", 1, AWSHarness.fleet))
        try await care(second)
        #expect(fake.calls("CreateTags") == 1)
        try await care(second)
        #expect(fake.calls("CreateTags") == 1, "it is written down once")
        clock.advance(by: .seconds(86_400))
        let third = try AWSHarness(fake: fake, clock: clock)
        try await care(third)
        clock.advance(by: .seconds(7_200))
        try await care(third)
        #expect(fake.templates.count == 1)
        #expect(fake.templates.allSatisfy { fake.tags(ofTemplate: $0)["muster-used"] != nil })
        let launched = await third.provider.launch(try third.call("launch-4", 1, AWSHarness.fleet))
        #expect(launched.instances?.count == 1)
        clock.advance(by: .seconds(9 * 86_400))
        let last = try AWSHarness(fake: fake, clock: clock)
        try await care(last)
        clock.advance(by: .seconds(7_200))
        try await care(last)
        #expect(fake.templates.isEmpty, "nobody has used it for long enough")
    }

    @Test("Who may not write down what it uses removes nothing")
    func denied() async throws {
        let clock = ManualClock()
        let first = try AWSHarness(clock: clock)
        _ = await first.provider.launch(try first.call("launch-1", 1, AWSHarness.fleet))
        clock.advance(by: .seconds(9 * 86_400))
        let second = try AWSHarness(fake: first.fake, clock: clock)
        first.fake.deny("CreateTags")
        _ = await second.provider.launch(try second.call("launch-2", 1, Self.other))
        _ = await second.provider.launch(try second.call("launch-3", 1, AWSHarness.fleet))
        try await care(second)
        #expect(first.fake.templates.count == 2 && first.fake.calls("DeleteLaunchTemplate") == 0)
    }
}
