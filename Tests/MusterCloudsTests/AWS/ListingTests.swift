import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS: lists and look-ups")
struct ListingTests {
    @Test("A list follows all pages, has this fleet's instances only, and only its region's")
    func pages() async throws {
        let aws = try AWSHarness()
        aws.fake.set(page: 10)
        _ = await aws.provider.launch(try aws.call("launch-1", 35))
        aws.fake.addInstance(
            region: "us-east-1", tags: ["muster-deployment": "other", "muster-provider": "aws"])
        aws.fake.addInstance(
            region: "us-east-1", tags: ["muster-deployment": "fleet-1", "muster-provider": "b"])
        aws.fake.addInstance(region: "us-east-1", tags: [:])
        aws.fake.addInstance(
            region: "eu-west-1", tags: ["muster-deployment": "fleet-1", "muster-provider": "aws"])
        let listing = try await aws.list()
        #expect(listing.instances.count == 35)
        #expect(listing.unseen.isEmpty && listing.notices.isEmpty)
        #expect(aws.fake.calls("DescribeInstances") == 4)
        let elsewhere = try await aws.list("eu-west-1")
        #expect(elsewhere.instances.count == 1)
        #expect(elsewhere.instances[0].launchID.rawValue.hasPrefix("i-"), "a launch that nobody knows")
    }

    @Test("A page that fails fails the list")
    func brokenPage() async throws {
        let aws = try AWSHarness()
        aws.fake.set(page: 10)
        _ = await aws.provider.launch(try aws.call("launch-1", 25))
        aws.fake.next(
            "DescribeInstances", .late(0),
            .error(status: 400, code: "InvalidNextToken", message: "the token is not valid"))
        await #expect(throws: CloudError.self) { try await aws.list() }
        #expect(try await aws.list().instances.count == 25)
    }

    @Test("A page whose second half is missing is asked for again")
    func halfPage() async throws {
        let aws = try AWSHarness()
        _ = await aws.provider.launch(try aws.call("launch-1", 5))
        aws.fake.next("DescribeInstances", .halfAnswer, .lostAfter, .throttled)
        #expect(try await aws.list().instances.count == 5)
    }

    @Test("States are those that the engine knows, and what ended a spot instance is told")
    func states() async throws {
        let aws = try AWSHarness()
        let ids = try #require(await aws.provider.launch(try aws.call("launch-1", 3)).instances).map(
            \.workerID.rawValue)
        aws.fake.interrupt(ids[0])
        aws.fake.change(ids[1]) { $0.state = "stopped" }
        let listing = try await aws.list()
        let states = Dictionary(uniqueKeysWithValues: listing.instances.map { ($0.workerID.rawValue, $0) })
        #expect(states[ids[0]]?.state == .gone)
        #expect(states[ids[0]]?.detail?.contains("SpotInstanceTermination") == true)
        #expect(states[ids[1]]?.state == .stopping)
        #expect(states[ids[2]]?.state == .running)
        #expect(listing.notices.map(\.instanceID) == ["us-east-1/\(ids[1])"])
        #expect(listing.notices.map(\.kind) == [.impaired])
    }

    @Test(
        "What is not the list fails the list: nothing is concluded from it",
        arguments: [
            "<html><body>The service will be back soon</body></html>", "<DescribeInstancesResponse/>",
            "<Response><Errors><Error><Code>InternalError</Code></Error></Errors></Response>",
            "<DescribeInstanceStatusResponse><reservationSet/></DescribeInstanceStatusResponse>",
        ])
    func otherAnswers(_ text: String) async throws {
        let aws = try AWSHarness()
        let call = try aws.call("launch-1", 2)
        _ = await aws.provider.launch(call)
        aws.fake.next("DescribeInstances", .text(text), .text(text))
        await #expect(throws: CloudError.self) { try await aws.list() }
        await #expect(throws: CloudError.self) { try await aws.find(call) }
        #expect(try await aws.list().instances.count == 2)
    }

    @Test("Launches that are looked up at one moment are one call")
    func lookUps() async throws {
        let aws = try AWSHarness()
        var sent: [LaunchCall] = []
        for index in 0..<20 {
            let call = try aws.call("launch-\(index)", 1 + index % 2)
            #expect(await aws.provider.launch(call).instances != nil)
            sent.append(call)
        }
        let before = aws.fake.calls("DescribeInstances")
        let calls = sent
        let counts = await withTaskGroup(of: (Int, Int?).self) { group in
            for (index, call) in calls.enumerated() {
                group.addTask { (index, try? await aws.find(call).instances.count) }
            }
            var counts: [Int: Int?] = [:]
            for await (index, count) in group { counts[index] = count }
            return counts
        }
        #expect((0..<20).allSatisfy { counts[$0] == 1 + $0 % 2 })
        #expect(aws.fake.calls("DescribeInstances") - before <= 2)
        #expect(try await aws.find(try aws.call("launch-unknown", 1)).instances.isEmpty)
    }

    @Test("An instance is found by its worker, when it is this fleet's")
    func byWorker() async throws {
        let aws = try AWSHarness()
        let mine = try #require(await aws.provider.launch(try aws.call("launch-1", 1)).instances?.first)
        let group = WorkerGroup(rawValue: "us-east-1")
        let found = try await aws.provider.instance(of: mine.workerID, in: group)
        #expect(found?.id == mine.id)
        #expect(found?.launchID.rawValue == "launch-1")
        let stranger = WorkerID(rawValue: aws.fake.addInstance(region: "us-east-1", tags: [:]))
        #expect(try await aws.provider.instance(of: stranger, in: group) == nil)
        let unknown = WorkerID(rawValue: "i-0abcdef0123456789")
        #expect(try await aws.provider.instance(of: unknown, in: group) == nil)
        #expect(try await aws.provider.instance(of: WorkerID(rawValue: "launch-1-0"), in: group) == nil)
        #expect(
            try await aws.provider.instance(of: mine.workerID, in: WorkerGroup(rawValue: "ap-south-1")) == nil
        )
    }
}
