import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterEngine

/// Clouds that take a call and work on it afterwards.
@Suite struct UnderWayTests {
    private func bench(_ tasks: Int) async throws -> (EngineBench, LaunchID) {
        let bench = try await EngineBench()
        try await bench.define()
        _ = try await bench.submit(tasks)
        bench.provider.behave(.accepts)
        try await bench.pass()
        return (bench, try #require(bench.provider.calls.first?.launchID))
    }

    private func bring(_ index: Int, of launch: LaunchID, _ bench: EngineBench) {
        bench.provider.bring(
            Instance(
                id: "\(launch)-\(index)", launchID: launch, group: WorkerGroup(rawValue: "here"),
                workerID: WorkerID(rawValue: "\(launch)-\(index)"), state: .pending))
    }

    private func look(_ bench: EngineBench) async throws {
        _ = try await bench.launcher.recover()
        await bench.launcher.settled()
    }

    @Test("What is there of a launch has workers at once, and counts once; the rest is waited for")
    func bitByBit() async throws {
        let (bench, launch) = try await bench(3)
        #expect(try await bench.capacity()[.requested].workers == 3)
        for index in 0..<2 {
            bring(index, of: launch, bench)
            try await look(bench)
            #expect(try await bench.workers().count == index + 1)
            #expect(try await bench.capacity()[.requested].workers == 3)
            #expect(try await bench.bucketsAreTrue())
        }
        // A pass meanwhile asks for nothing: three are on their way.
        try await bench.pass()
        #expect(bench.provider.calls.count == 1)
        bring(2, of: launch, bench)
        bench.provider.finish(launch)
        try await look(bench)
        let settled = try await bench.store.read { try await $0.launch(launch) }
        #expect(settled?.state == .settled && settled?.obtained == 3)
        #expect(try await bench.capacity()[.requested].workers == 3)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("What fails later is classified like a refusal, and goes back to the next pass")
    func failsLater() async throws {
        let (bench, launch) = try await bench(3)
        bring(0, of: launch, bench)
        let error = CloudError(
            .capacity(offering: "spot/small/a"), cloudCode: "ZONE_RESOURCE_POOL_EXHAUSTED",
            message: "none left")
        bench.provider.finish(launch, refusals: [LaunchRefusal(count: 2, error: error)])
        try await look(bench)
        #expect(try await bench.workers().count == 1)
        #expect(try await bench.capacity()[.requested].workers == 1)
        let events = try await bench.events()
        #expect(events.contains { $0.type == .launchFailed && $0.subject == "launch/\(launch)" })
        #expect(events.contains { $0.type == .offeringUnavailable })
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A launch that a process died over is looked up by the next one, and not sent again")
    func diedMeanwhile() async throws {
        let (bench, launch) = try await bench(2)
        bring(0, of: launch, bench)
        try await look(bench)
        let next = try await bench.restarted()
        bring(1, of: launch, bench)
        next.clock.advance(by: .seconds(60))
        try await look(next)
        #expect(try await next.workers().count == 2)
        bench.provider.finish(launch)
        try await look(next)
        #expect(try await next.store.read { try await $0.launch(launch) }?.state == .settled)
        #expect(next.provider.calls.count == 1)
        #expect(try await next.bucketsAreTrue())
    }

    @Test("What never ends is settled with what is there after half an hour")
    func neverEnds() async throws {
        let (bench, launch) = try await bench(2)
        bring(0, of: launch, bench)
        bench.clock.advance(by: .seconds(1_799))
        try await look(bench)
        #expect(try await bench.store.read { try await $0.launch(launch) }?.state == .planned)
        bench.clock.advance(by: .seconds(1))
        try await look(bench)
        let settled = try await bench.store.read { try await $0.launch(launch) }
        #expect(settled?.state == .settled && settled?.obtained == 1)
        #expect(try await bench.bucketsAreTrue())
    }

    @Test("A worker that registers before its launch is settled counts for itself alone")
    func registersEarly() async throws {
        let (bench, launch) = try await bench(2)
        bring(0, of: launch, bench)
        let key = WorkerKey(
            poolID: EngineBench.pool, group: WorkerGroup(rawValue: "here"),
            id: WorkerID(rawValue: "\(launch)-0"))
        _ = try await bench.register(key)
        #expect(try await bench.capacity()[.running].workers == 1)
        #expect(try await bench.capacity()[.requested].workers == 1)
        #expect(try await bench.bucketsAreTrue())
    }
}
