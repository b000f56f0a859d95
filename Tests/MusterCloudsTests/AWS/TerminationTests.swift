import MusterCore
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: terminations")
struct TerminationTests {
    @Test("Instances of several regions are ended in calls of a thousand")
    func batches() async throws {
        let aws = try AWSHarness()
        let tags = ["muster-deployment": "fleet-1"]
        let ids = (0..<1_500).map { _ in "us-east-1/" + aws.fake.addInstance(region: "us-east-1", tags: tags)
        }
        let other = "eu-west-1/" + aws.fake.addInstance(region: "eu-west-1", tags: tags)
        #expect(await aws.provider.terminate(ids + [other]).isEmpty)
        #expect(aws.fake.instances.allSatisfy { $0.state == "terminated" })
        #expect(aws.fake.calls("TerminateInstances") == 3)
        #expect(await aws.provider.terminate(ids).isEmpty, "ending twice is ending")
    }

    @Test("One that does not exist is taken out, and the others are ended")
    func unknown() async throws {
        let aws = try AWSHarness()
        let id = aws.fake.addInstance(region: "us-east-1", tags: [:])
        let asked = [
            "us-east-1/i-0aaaaaaaaaaaaaaaa", "us-east-1/\(id)", "us-east-1/i-0bbbbbbbbbbbbbbbb", "nonsense",
        ]
        let errors = await aws.provider.terminate(asked)
        #expect(errors.map(\.key) == ["nonsense"], "nothing was asked for what is no instance")
        #expect(errors["nonsense"]?.cloudCode == "MalformedInstanceID")
        #expect(aws.fake.instances.map(\.state) == ["terminated"])
        #expect(aws.fake.calls("TerminateInstances") == 2)
    }

    @Test("One that may not be ended is named, and the others are ended")
    func protected() async throws {
        let aws = try AWSHarness()
        let ids = (0..<3).map { _ in aws.fake.addInstance(region: "us-east-1", tags: [:]) }
        aws.fake.next(
            "TerminateInstances",
            .error(
                status: 400, code: "OperationNotPermitted",
                message: "The instance '\(ids[1])' may not be terminated. Modify its 'disableApiTermination'")
        )
        let errors = await aws.provider.terminate(ids.map { "us-east-1/\($0)" })
        #expect(Array(errors.keys) == ["us-east-1/\(ids[1])"])
        #expect(aws.fake.instances.map(\.state) == ["terminated", "running", "terminated"])
    }

    @Test("An error that names nobody is traced to its instance by halves")
    func halves() async throws {
        let aws = try AWSHarness()
        let ids = (0..<4).map { _ in aws.fake.addInstance(region: "us-east-1", tags: [:]) }
        let fault = FakeEC2Fault.error(status: 400, code: "IncorrectState", message: "somebody is wrong")
        aws.fake.next("TerminateInstances", fault, fault, fault)
        let errors = await aws.provider.terminate(ids.map { "us-east-1/\($0)" })
        #expect(Array(errors.keys) == ["us-east-1/\(ids[0])"])
        #expect(aws.fake.instances.map(\.state) == ["running", "terminated", "terminated", "terminated"])
    }

    @Test("The search for whom a call is refused for ends, and what is not found out is each one's error")
    func bounded() async throws {
        let aws = try AWSHarness()
        let ids = (0..<1_000).map { _ in "us-east-1/" + aws.fake.addInstance(region: "us-east-1", tags: [:]) }
        for _ in 0..<200 {
            aws.fake.next(
                "TerminateInstances", .error(status: 400, code: "IncorrectState", message: "somebody"))
        }
        let errors = await aws.provider.terminate(ids)
        #expect(Set(errors.keys) == Set(ids))
        #expect(aws.fake.calls("TerminateInstances") <= CloudPolicy.mostCallsPerTermination)
    }

    @Test("What somebody on the way says is about no instance")
    func gateway() async throws {
        let aws = try AWSHarness()
        let ids = (0..<8).map { _ in "us-east-1/" + aws.fake.addInstance(region: "us-east-1", tags: [:]) }
        aws.fake.next("TerminateInstances", .error(status: 403, code: "", message: "Forbidden"))
        let errors = await aws.provider.terminate(ids)
        #expect(errors.count == 8 && errors.values.allSatisfy { $0.cloudCode == "status-403" })
        #expect(aws.fake.calls("TerminateInstances") == 1)
    }

    @Test("What is refused for all is each one's error")
    func refused() async throws {
        let aws = try AWSHarness()
        aws.fake.deny("TerminateInstances")
        let ids = (0..<3).map { _ in "us-east-1/" + aws.fake.addInstance(region: "us-east-1", tags: [:]) }
        let errors = await aws.provider.terminate(ids)
        #expect(Set(errors.keys) == Set(ids))
        #expect(errors.values.allSatisfy { $0.kind == .auth && $0.cloudCode == "UnauthorizedOperation" })
    }

    @Test("A lost answer is asked for again")
    func lost() async throws {
        let aws = try AWSHarness()
        aws.fake.next("TerminateInstances", .lostAfter, .throttled, .internalError)
        let id = aws.fake.addInstance(region: "us-east-1", tags: [:])
        #expect(await aws.provider.terminate(["us-east-1/\(id)"]).isEmpty)
    }
}
