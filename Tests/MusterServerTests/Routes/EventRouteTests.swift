import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import Testing

@testable import MusterServer

@Suite("Reading and following events", .timeLimit(.minutes(1)))
struct EventRouteTests {
    private let path = "/api/muster/v1/events"

    private func answer(_ served: ServedEngine, _ query: String) async throws -> EventsAnswer {
        let response = try await served.call(.get, path + query)
        #expect(response.status == 200, "\(query): \(response.text)")
        return try JSON.decode(EventsAnswer.self, from: response.body)
    }

    /// Pauses and resumes the pool in turn, an event each.
    private func happen(_ served: ServedEngine, _ count: Int) async throws {
        for index in 0..<count {
            if index.isMultiple(of: 2) {
                _ = try await served.engine.control.pause(ServedEngine.pool, Pause(), by: "test")
            } else {
                _ = try await served.engine.control.resume(ServedEngine.pool, by: "test")
            }
        }
    }

    /// Waits until somebody waits for an event; nobody is told of it.
    private func waiter(_ served: ServedEngine) async throws {
        while served.engine.events.waiting == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test("the latest events come first, and earlier ones page by page")
    func back() async throws {
        try await ServedEngine.with { served in
            #expect(try await answer(served, "").events.isEmpty)
            try await served.define(max: 0)
            try await happen(served, 4)
            let last = try await answer(served, "?limit=2")
            #expect(last.events.map(\.type) == [.poolPaused, .poolResumed])
            #expect(last.events.map(\.id) == ["5", "6"] && last.position == 6 && !last.hasMore)
            let before = try await answer(
                served, "?limit=3&continuationToken=\(last.continuationToken ?? "")")
            #expect(before.events.map(\.id) == ["2", "3", "4"])
            let first = try await answer(
                served, "?limit=3&continuationToken=\(before.continuationToken ?? "")")
            #expect(first.events.map(\.type) == [.launchConfigCreated] && first.continuationToken == nil)
        }
    }

    @Test("an event is a CloudEvent")
    func cloudEvent() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let event = try await served.call(.get, path + "?type=pool.created").document["events"]?
                .elements.first
            #expect(
                event?.names == [
                    "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data",
                ])
            #expect(event?["type"]?.text == "dev.muster.pool.created")
            #expect(event?["source"]?.text == "/muster/fleet-1" && event?["id"]?.text == "2")
            #expect(event?["data"]?["workerPoolId"]?.text == "demo/build")
        }
    }

    @Test("events are read forward, filtered, and what does not fit is not looked at again")
    func forward() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            try await happen(served, 3)
            let page = try await answer(served, "?after=2&limit=2")
            #expect(page.events.map(\.id) == ["3", "4"] && page.position == 4 && page.hasMore)
            let paused = try await answer(served, "?after=0&type=pool.paused")
            #expect(paused.events.map(\.id) == ["3", "5"] && paused.position == 5 && !paused.hasMore)
            let types = "?after=0&type=launch-config.&type=dev.muster.pool.created"
            #expect(try await answer(served, types).events.map(\.id) == ["1", "2"])
            #expect(try await answer(served, "?after=0&workerPoolId=no%2Fpool").position == 5)
            let subject = "?after=0&subject=launch-config/demo/build/standard"
            #expect(try await answer(served, subject).events.map(\.id) == ["1"])
            #expect(try await answer(served, "?after=5").events.isEmpty)
            let late = APIPath.segment((served.engine.now + .seconds(60)).description)
            #expect(try await answer(served, "?after=0&since=\(late)").events.isEmpty)
        }
    }

    @Test("a question that waits is answered by the next event that fits, as soon as it is committed")
    func wakes() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            async let answer = answer(served, "?after=2&wait=30&type=pool.resumed")
            try await waiter(served)
            let clock = SystemClock()
            let began = clock.now()
            // The first does not fit: the question waits on.
            try await happen(served, 2)
            let events = try await answer
            #expect(events.events.map(\.id) == ["4"] && events.position == 4)
            #expect(clock.now() - began < .seconds(15))
            #expect(served.engine.events.waiting == 0)
        }
    }

    @Test("a question that nothing fits is answered with nothing, and with how far was looked")
    func timesOut() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let answer = try await answer(served, "?after=0&wait=1&type=worker.")
            #expect(answer.events.isEmpty && answer.position == 2)
        }
    }

    @Test("those who wait are let go when the service stops, and when they leave")
    func letGo() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let leaving = Task { try await served.call(.get, path + "?after=2&wait=30") }
            try await waiter(served)
            leaving.cancel()
            while served.engine.events.waiting > 0 { try await Task.sleep(for: .milliseconds(2)) }
            async let answer = answer(served, "?after=2&wait=30")
            try await waiter(served)
            await served.engine.stop(within: .seconds(5))
            #expect(try await answer.events.isEmpty)
        }
    }

    @Test("what retention has deleted is said, once")
    func deleted() async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            // They have their places in the order before they are deleted.
            #expect(try await answer(served, "?after=0").events.count == 2)
            let soon = served.engine.now + .seconds(60)
            _ = try await served.store.write(in: .store) { try await $0.deleteEvents(before: soon, limit: 2) }
            // While nothing is left, nobody knows where the events are.
            #expect(try await answer(served, "?after=0").deleted == nil)
            try await happen(served, 1)
            let gap = try await answer(served, "?after=0")
            #expect(gap.deleted == 2 && gap.events.map(\.id) == ["3"])
            #expect(try await answer(served, "?after=1").deleted == 1)
            #expect(try await answer(served, "?after=2").deleted == nil)
        }
    }

    @Test(
        "a question that makes no sense is refused with the parameter",
        arguments: [
            ("after=-1", "after", "input-invalid"), ("after=9", "after", "input-invalid"),
            ("after=x", "after", "input-invalid"), ("wait=5", "wait", "input-invalid"),
            ("after=0&wait=3601", "wait", "input-invalid"), ("type=nothing", "type", "input-invalid"),
            ("type=worker.&type=x", "type", "input-invalid"), ("since=today", "since", "input-invalid"),
            ("limit=0", "limit", "input-invalid"), ("limit=5&limit=6", "limit", "input-invalid"),
            ("after=0&continuationToken=3", "continuationToken", "input-invalid"),
            ("continuationToken=0", "continuationToken", "input-invalid"),
            ("pool=demo%2Fbuild", "pool", "field-unknown"),
        ])
    func badQuery(query: String, field: String, code: String) async throws {
        try await ServedEngine.with { served in
            try await served.define(max: 0)
            let response = try await served.call(.get, path + "?" + query)
            #expect(response.status == 400)
            #expect(try response.error.field == field)
            #expect(try response.error.code == code)
        }
    }
}
