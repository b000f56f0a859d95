import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: launches by RunInstances")
struct RunInstancesTests {
    @Test("A launch gives its instances, tagged, in one call")
    func launches() async throws {
        let aws = try AWSHarness()
        let outcome = await aws.provider.launch(try aws.call("launch-1", 3))
        let instances = try #require(outcome.instances)
        #expect(instances.count == 3)
        #expect(outcome.refusals == [])
        #expect(Set(instances.map(\.launchID.rawValue)) == ["launch-1"])
        #expect(instances[0].id.hasPrefix("us-east-1/i-"))
        #expect(instances[0].workerID.rawValue == String(instances[0].id.dropFirst("us-east-1/".count)))
        #expect(instances[0].group.rawValue == "us-east-1")
        #expect(instances[0].offering == "on-demand/c5.large/us-east-1a")
        #expect(aws.fake.calls("RunInstances") == 1)
        #expect(aws.fake.badSignatures == 0)
        #expect(
            aws.fake.instances[0].tags == [
                "Name": "project/pool", "muster-deployment": "fleet-1", "muster-provider": "aws",
                "muster-launch": "launch-1", "muster-pool": "project/pool", "muster-launch-config": "lc-1",
            ])
    }

    @Test("The same call sent again gives the same instances, and no others")
    func replay() async throws {
        let aws = try AWSHarness()
        let call = try aws.call("launch-1", 2)
        let first = await aws.provider.launch(call)
        let second = await aws.provider.launch(call)
        #expect(first.instances?.map(\.id) == second.instances?.map(\.id))
        #expect(aws.fake.instances.count == 2)
    }

    @Test(
        "A token whose instances have ended has arrived, whatever EC2 says to it: it is looked up",
        arguments: [false, true], [false, true])
    func deadReplay(_ refusesEnded: Bool, _ isRepeat: Bool) async throws {
        let aws = try AWSHarness()
        aws.fake.set(refusesEnded: refusesEnded)
        let id = try #require(
            await aws.provider.launch(try aws.call("launch-1", 1)).instances?.first?.id)
        #expect(await aws.provider.terminate([id]).isEmpty)
        let again = try aws.call("launch-1", 1, isRepeat: isRepeat)
        #expect(await aws.provider.launch(again).isAccepted)
        #expect(try await aws.find(again).instances.map(\.state) == [.gone])
    }

    @Test("A launch that is sent again is looked up first, and what is found is not asked for")
    func repeated() async throws {
        let aws = try AWSHarness()
        _ = await aws.provider.launch(try aws.call("launch-1", 2))
        #expect(await aws.provider.launch(try aws.call("launch-1", 2, isRepeat: true)).isAccepted)
        #expect(aws.fake.calls("RunInstances") == 1)
        // One that nothing came of is sent, and what is said to it then holds.
        aws.fake.next(
            "RunInstances", .error(status: 403, code: "UnauthorizedOperation", message: "no"))
        let refused = await aws.provider.launch(try aws.call("launch-2", 1, isRepeat: true))
        #expect(refused.refusals?.map(\.error.kind) == [.auth])
        let sent = await aws.provider.launch(try aws.call("launch-2", 1, isRepeat: true))
        #expect(sent.instances?.count == 1)
        aws.fake.deny("DescribeInstances")
        #expect(await aws.provider.launch(try aws.call("launch-3", 1, isRepeat: true)).isUnclear)
        #expect(aws.fake.calls("RunInstances") == 3, "what cannot be looked up is not sent")
    }

    @Test(
        "A refusal after an attempt that was lost does not say that nothing was done",
        arguments: [
            FakeEC2Fault.error(status: 403, code: "UnauthorizedOperation", message: "no"),
            .error(status: 400, code: "InvalidParameterValue", message: "no"),
            .error(status: 500, code: "InsufficientInstanceCapacity", message: "no"),
        ],
        [
            FakeEC2Fault.lostAfter, .errorAfter(status: 500, code: "InternalError"),
            .errorAfter(status: 503, code: "Unavailable"),
        ])
    func refusedAfterLoss(_ refusal: FakeEC2Fault, _ loss: FakeEC2Fault) async throws {
        let aws = try AWSHarness()
        aws.fake.next("RunInstances", loss, refusal)
        let call = try aws.call("launch-1", 1)
        #expect(await aws.provider.launch(call).isUnclear)
        #expect(aws.fake.calls("RunInstances") == 2)
        #expect(try await aws.find(call).instances.count == 1)
    }

    @Test("Another call with the same token means that the first one arrived")
    func mismatch() async throws {
        let aws = try AWSHarness()
        _ = await aws.provider.launch(try aws.call("launch-1", 2))
        let other = try aws.call("launch-1", 3)
        #expect(await aws.provider.launch(other).isAccepted)
        #expect(try await aws.find(other).instances.count == 2)
    }

    @Test("A lost answer is asked for again, and nothing is launched twice")
    func lostAnswer() async throws {
        let aws = try AWSHarness()
        aws.fake.next("RunInstances", .lostAfter)
        let outcome = await aws.provider.launch(try aws.call("launch-1", 2))
        #expect(outcome.instances?.count == 2)
        #expect(aws.fake.instances.count == 2)
        #expect(aws.fake.calls("RunInstances") == 2)
    }

    @Test(
        "Whatever happens to the connection, there are as many instances as were asked for",
        arguments: [
            FakeEC2Fault.lostBefore, .lostAfter, .halfAnswer, .answersTwice, .doneTwice, .late(50),
            .throttled,
            .internalError,
        ])
    func faults(_ fault: FakeEC2Fault) async throws {
        let aws = try AWSHarness()
        aws.fake.next("RunInstances", fault)
        let call = try aws.call("launch-1", 2)
        let outcome = await aws.provider.launch(call)
        #expect(outcome.instances?.count == 2)
        #expect(aws.fake.instances.count == 2)
        #expect(try await aws.find(call).instances.count == 2)
    }

    @Test("Less than was asked for is better than nothing, and the rest is for want of capacity")
    func partial() async throws {
        let aws = try AWSHarness()
        aws.fake.set(capacity: 2, of: "c5.large/us-east-1a")
        let outcome = await aws.provider.launch(try aws.call("launch-1", 5))
        #expect(outcome.instances?.count == 2)
        #expect(outcome.refusals?.map(\.count) == [3])
        #expect(
            outcome.refusals?.first?.error.kind == .capacity(offering: "on-demand/c5.large/us-east-1a"))
    }

    @Test("No capacity is an answer, although EC2 says it with status 500, and is not asked for again")
    func nothing() async throws {
        let aws = try AWSHarness()
        aws.fake.set(capacity: 0, of: "c5.large/us-east-1a")
        let outcome = await aws.provider.launch(try aws.call("launch-1", 5))
        #expect(outcome.instances == [])
        #expect(outcome.refusals?.map(\.count) == [5])
        #expect(
            outcome.refusals?.first?.error.kind == .capacity(offering: "on-demand/c5.large/us-east-1a"))
        #expect(aws.fake.calls("RunInstances") == 1)
    }

    @Test("Quota, configuration and permission are told apart")
    func errors() async throws {
        let aws = try AWSHarness()
        aws.fake.next(
            "RunInstances",
            .error(status: 400, code: "VcpuLimitExceeded", message: "You have requested more"),
            .error(status: 400, code: "InvalidAMIID.NotFound", message: "no such image"),
            .error(status: 403, code: "UnauthorizedOperation", message: "no"),
            .error(status: 400, code: "InsufficientFreeAddressesInSubnet", message: "full"))
        var kinds: [CloudError.Kind?] = []
        for index in 0..<3 {
            kinds.append(
                await aws.provider.launch(try aws.call("launch-\(index)", 1)).refusals?.first?.error.kind)
        }
        #expect(kinds == [.quota(scope: "quota/on-demand/standard/us-east-1"), .invalidConfig, .auth])
        let inSubnet = """
            {"region": "us-east-1", "launchConfig": {"ImageId": "ami-1", "SubnetId": "subnet-9"}}
            """
        let full = await aws.provider.launch(try aws.call("launch-4", 1, inSubnet)).refusals?.first?.error
            .kind
        #expect(full == .quota(scope: "subnet/subnet-9"))
    }

    @Test("A large launch is several calls with tokens of their own")
    func chunks() async throws {
        let aws = try AWSHarness()
        let call = try aws.call("launch-1", 1_200)
        #expect(await aws.provider.launch(call).instances?.count == 1_200)
        #expect(aws.fake.calls("RunInstances") == 3)
        #expect(await aws.provider.launch(call).instances?.count == 1_200)
        #expect(aws.fake.instances.count == 1_200)
        #expect(try await aws.find(call).instances.count == 1_200)
    }

    @Test("When the service is not there, the launch is refused and not in doubt")
    func unreachable() async throws {
        let aws = try AWSHarness()
        let gone = try AWSHarness(
            fake: aws.fake, clock: SystemClock(), regions: ["us-east-1"], fleet: "fleet-1",
            endpoint: "http://127.0.0.1:1/", environment: [:])
        let outcome = await gone.provider.launch(try gone.call("launch-1", 1))
        #expect(outcome.refusals?.first?.error.kind == .auth, "without credentials nothing is sent")
        let deaf = try AWSHarness(
            fake: aws.fake, clock: SystemClock(), regions: ["us-east-1"], fleet: "fleet-1",
            endpoint: "http://127.0.0.1:1/", environment: FakeEC2.environment)
        let refused = await deaf.provider.launch(try deaf.call("launch-1", 1))
        #expect(refused.refusals?.first?.error.kind == .network)
    }

    @Test("A fault on the way leaves it open what came of a launch, also when the rest is throttled")
    func faultThenThrottled() async throws {
        let aws = try AWSHarness()
        aws.fake.next(
            "RunInstances", .internalError, .throttled, .throttled, .throttled, .throttled, .throttled)
        #expect(await aws.provider.launch(try aws.call("launch-1", 1)).isUnclear)
    }
}
