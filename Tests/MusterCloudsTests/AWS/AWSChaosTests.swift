import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: when much goes wrong")
struct AWSChaosTests {
    @Test(
        "Whatever goes wrong, every instance is told of or found, and none is there twice",
        arguments: [1, 2, 3])
    func chaos(_ seed: UInt64) async throws {
        let aws = try AWSHarness(fake: try FakeEC2(seed: seed))
        aws.fake.set(FakeEC2Chances(noCapacity: 0.1, throttled: 0.02, lost: 0.05, twice: 0.02))
        var calls: [LaunchCall] = []
        for index in 0..<60 {
            calls.append(
                try aws.call(
                    "launch-\(index)", 1 + index % 7, index % 3 == 0 ? AWSHarness.fleet : AWSHarness.simple))
        }
        let outcomes = await withTaskGroup(of: (Int, LaunchOutcome).self) { group in
            for (index, call) in calls.enumerated() {
                group.addTask { (index, await aws.provider.launch(call)) }
            }
            var outcomes: [Int: LaunchOutcome] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
        aws.fake.set(FakeEC2Chances())
        var known: Set<String> = []
        for (index, call) in calls.enumerated() {
            let outcome = try #require(outcomes[index])
            let found = try await aws.find(call).instances
            let asked = 1 + index % 7
            switch outcome {
            case .answered(let instances, let refusals):
                // What the answer says is what there is, and it accounts for all that was asked for.
                #expect(Set(instances.map(\.id)) == Set(found.map(\.id)), "launch \(index)")
                #expect(instances.count + refusals.map(\.count).reduce(0, +) == asked, "launch \(index)")
            case .accepted, .unclear:
                #expect(found.count <= asked, "launch \(index)")
            }
            known.formUnion(found.map(\.id))
        }
        let there = aws.fake.instances.filter(\.isThere).map { "us-east-1/\($0.id)" }
        #expect(Set(there) == known && there.count == known.count)
        let listed = try await aws.list().instances.map(\.id)
        #expect(Set(listed) == known)
        #expect(aws.fake.badSignatures == 0)

        aws.fake.set(FakeEC2Chances(throttled: 0.05, lost: 0.1, twice: 0.1))
        #expect(await aws.provider.terminate(Array(known)).isEmpty)
        #expect(aws.fake.instances.filter(\.isThere).isEmpty)
    }

    @Test("A token is known for its time only, which is why older launches are looked up")
    func tokenMemory() async throws {
        let clock = ManualClock()
        let aws = try AWSHarness(clock: clock)
        let call = try aws.call("launch-1", 1)
        _ = await aws.provider.launch(call)
        aws.fake.set(tokenMemory: .seconds(3_600))
        clock.advance(by: aws.provider.timing.repeatWindow)
        _ = await aws.provider.launch(call)
        #expect(aws.fake.instances.count == 1)
        clock.advance(by: .seconds(3_600))
        _ = await aws.provider.launch(call)
        #expect(aws.fake.instances.count == 2)
    }

    @Test("What was just launched may be missing from a list for as long as the provider says")
    func listingDelay() async throws {
        let clock = ManualClock()
        let aws = try AWSHarness(clock: clock)
        aws.fake.set(listingDelay: .seconds(60), bootTime: .seconds(30))
        _ = await aws.provider.launch(try aws.call("launch-1", 2))
        #expect(try await aws.list().instances.isEmpty)
        clock.advance(by: aws.provider.timing.lookUpDelay)
        let listed = try await aws.list().instances
        #expect(listed.map(\.state) == [.running, .running])
    }

    @Test("A region that is dead delays no other, and a list of it that is cancelled ends")
    func deadRegion() async throws {
        let dead = try LoopbackServer { _ in .silence }
        let fake = try FakeEC2()
        let port = dead.port
        let aws = try AWSHarness(
            fake: fake, clock: SystemClock(), regions: ["us-east-1", "\(port)"], fleet: "fleet-1",
            endpoint: fake.url, environment: FakeEC2.environment)
        // Both regions are the same provider's; the address of one leads to nobody who answers.
        var configuration = aws.configuration
        configuration.endpoints.ec2 = "http://127.0.0.1:{region}/"
        let regions = [String(port), String(fake.url.split(separator: ":").last?.dropLast() ?? "")]
        configuration.regions = regions
        let provider = AWSProvider(
            configuration: configuration, client: aws.client,
            paced: PacedClient(aws.client, clock: SystemClock(), seed: 3), clock: SystemClock(), log: .silent)
        let hanging = Task { try? await provider.list(provider.realms[0]).instances.count }
        try await dead.requests.reach(1)
        let listing = try await provider.list(provider.realms[1])
        #expect(listing.instances.isEmpty)
        hanging.cancel()
        let cancelled = await hanging.value
        #expect(cancelled == nil)
    }

    @Test("A wrong signature is refused by the fake, so that the others mean something")
    func signatures() async throws {
        let fake = try FakeEC2()
        var environment = FakeEC2.environment
        environment["AWS_SECRET_ACCESS_KEY"] = "another"
        let aws = try AWSHarness(
            fake: fake, clock: SystemClock(), regions: ["us-east-1"], fleet: "f", endpoint: fake.url,
            environment: environment)
        let outcome = await aws.provider.launch(try aws.call("launch-1", 1))
        #expect(outcome.allRefusals?.first?.error.cloudCode == "SignatureDoesNotMatch")
        #expect(fake.instances.isEmpty && fake.badSignatures == 1)
    }
}
