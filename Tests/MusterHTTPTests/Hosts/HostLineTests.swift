import Testing

@testable import MusterHTTP

struct HostLineTests {
    @Test("without TLS as many run as there may be connections, in order")
    func cleartext() throws {
        let line = Line(connections: 3, isSecure: false)
        let calls = try line.fill(5)
        #expect(line.run() == [0, 1, 2].map { ObjectIdentifier(calls[$0]) })
        line.end(wasConnected: false, learned: .alone)
        #expect(line.run() == [ObjectIdentifier(calls[3])])
        #expect(line.calls.count == 1)
    }

    @Test("one call finds out how connections are shared, and the others wait for it")
    func unknown() throws {
        let line = Line(connections: 3, isSecure: true)
        try line.fill(5)
        #expect(line.run().count == 1)
        line.connect()
        #expect(line.run().count == 2)
        line.end(wasConnected: true, learned: .alone)
        #expect(line.run().count == 1)
    }

    @Test("a shared connection carries many, and a new one is opened by one call")
    func shared() throws {
        let line = Line(connections: 3, isSecure: true)
        try line.fill(250)
        #expect(line.run().count == 1)
        line.connect()
        line.end(wasConnected: true, learned: .shared)
        #expect(line.run().count == 1)
        line.connect()
        #expect(line.run().count == HTTPPolicy.streamsPerHost - 1)
        for _ in 1..<HTTPPolicy.streamsPerHost { line.connect() }
        for _ in 0..<HTTPPolicy.streamsPerHost { line.end(wasConnected: true, learned: .shared) }
        #expect(line.run().count == 1)
    }

    @Test("a host that cannot be connected to does not have its calls wait for one another")
    func unreachable() throws {
        let line = Line(connections: 3, isSecure: true)
        try line.fill(9)
        #expect(line.run().count == 1)
        line.end(wasConnected: false, learned: .alone)
        #expect(line.run().count == 3)
    }

    @Test("the one who goes first and is cancelled leaves that to the next")
    func cancelledFirst() throws {
        let line = Line(connections: 3, isSecure: true)
        let calls = try line.fill(3)
        #expect(line.run().count == 1)
        line.end(wasConnected: false, learned: nil)
        #expect(line.run() == [ObjectIdentifier(calls[1])])
    }

    @Test("a lane that takes all it can leaves room for the next, and that one for another")
    func lanes() throws {
        let line = Line(connections: 16, isSecure: false)
        try line.fill(900, lane: "slow")
        #expect(line.lanes() == ["slow": 12])
        try line.fill(900, lane: "as slow")
        #expect(line.lanes() == ["as slow": 3])
        try line.fill(1, lane: "quick")
        #expect(line.lanes() == ["quick": 1])
    }

    @Test("what comes free goes to the lane that has the fewest running, until they are even")
    func turns() throws {
        let line = Line(connections: 16, isSecure: false)
        try line.fill(900, lane: "first")
        _ = line.run()
        try line.fill(900, lane: "second")
        _ = line.run()
        for _ in 0..<8 {
            line.end("first", wasConnected: false, learned: nil)
            _ = line.run()
        }
        #expect(line.running(of: "first") == line.running(of: "second"))
        // Two even lanes leave something to a third one.
        try line.fill(1, lane: "third")
        #expect(line.lanes() == ["third": 1])
    }

    @Test("where there are few connections a lane may have them all, and lanes take turns")
    func fewConnections() throws {
        let line = Line(connections: 2, isSecure: false)
        try line.fill(3, lane: "first")
        #expect(line.lanes() == ["first": 2])
        try line.fill(1, lane: "second")
        line.end(wasConnected: false, learned: nil)
        #expect(line.lanes() == ["second": 1])
    }

    @Test("who is taken out does not run, and is taken out once")
    func removed() throws {
        let line = Line(connections: 1, isSecure: false)
        let calls = try line.fill(3)
        #expect(line.remove(calls[0]))
        #expect(!line.remove(calls[0]))
        #expect(line.run() == [ObjectIdentifier(calls[1])])
        #expect(!line.isEmpty)
        line.end(wasConnected: true, learned: nil)
        #expect(line.remove(calls[2]))
        #expect(line.isEmpty)
    }
}

/// A line whose changes can stand in expectations.
private final class Line {
    private var line: HostLine
    private var running: [Call] = []

    init(connections: Int, isSecure: Bool) { line = HostLine(connections: connections, isSecure: isSecure) }

    @discardableResult
    func fill(_ count: Int, lane: String? = nil) throws -> [Call] {
        let calls = try (0..<count).map { _ in try Call(HTTPRequest(.get, "https://host/", lane: lane)) }
        for call in calls { line.append(call) }
        return calls
    }

    /// Who may run now.
    func run() -> [ObjectIdentifier] {
        var calls: [ObjectIdentifier] = []
        while let call = line.next() {
            calls.append(ObjectIdentifier(call))
            running.append(call)
        }
        return calls
    }

    /// How many may run now, of each lane.
    func lanes() -> [String: Int] {
        let before = running.count
        _ = run()
        return running[before...].reduce(into: [:]) { $0[$1.request.lane ?? "", default: 0] += 1 }
    }

    func running(of lane: String) -> Int { running.count { $0.request.lane == lane } }
    var isEmpty: Bool { line.isEmpty }
    var calls: [Call] { line.calls }
    func connect() { line.connect() }

    /// The first that runs, of a lane when one is named, ends.
    func end(_ lane: String? = nil, wasConnected: Bool, learned: HostLine.Sharing?) {
        guard let index = running.firstIndex(where: { lane == nil || $0.request.lane == lane }) else {
            return
        }
        line.end(running.remove(at: index), wasConnected: wasConnected, learned: learned)
    }
    func remove(_ call: Call) -> Bool { line.remove(call) }
}
