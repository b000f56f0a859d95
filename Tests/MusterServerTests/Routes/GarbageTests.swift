import MusterAPI
import MusterCore
import MusterEngine
import MusterHTTP
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@testable import MusterServer

/// Nonsense on every route that there is: a new route is among them by itself.
@Suite("Garbage", .timeLimit(.minutes(3)))
struct GarbageTests {
    /// What is no body of any route.
    private static let bodies: [[UInt8]] =
        [
            "{", "[", "\"", "{\"a\"", "[]", "[{}]", "\"text\"", "12", "true", "no", "<xml/>", "a=b&c=d",
            #"{"frobnicate":1}"#, #"{"":1}"#, #"{"a":1,"a":2}"#, "{}{}", "{} x", "\u{feff}{}", "1e999999",
            #"{"tasks":1e400}"#, #"{"a":99999999999999999999999}"#, #"{"a":"\ud800"}"#, #"{"a":"\x"}"#,
            #"{"a":0123}"#, #"{"a":NaN}"#, #"{'a':1}"#, "{\"a\":\"\u{0}\"}", "/* */ {\"a\":1}",
        ].map { Array($0.utf8) } + [
            [0xff, 0xfe, 0x7b, 0x00], [0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d], [0], [0x80],
            Array(String(repeating: "[", count: 100_000).utf8),
            Array(String(repeating: #"{"a":"#, count: 100_000).utf8),
            Array((#"{"a":""# + String(repeating: "x", count: 200_000) + #""}"#).utf8),
        ]

    /// The names of everything that some route takes, with values of every wrong kind.
    private static let fields = [
        "tasks", "taskIds", "workerPools", "workerPoolId", "tenant", "reason", "until", "prune", "dryRun",
        "requestId", "workerGroup", "workerId", "holding", "waitSeconds", "resolution", "tail", "exitCode",
        "secret", "capacity", "expires", "providerId", "workerIdentityProof", "continuationToken", "atOnce",
    ]
    private static let values = [
        "[[[]]]", #"{"x":{}}"#, "-1", "1.5", "99999999999999999999999",
        #""\#(String(repeating: "y", count: 20_000))""#,
        #""\u0000""#, #""../../etc/passwd""#,
    ]

    /// What is the id of nothing, percent-encoded.
    private static let ids = [
        "%00", "%FF%FE", "..%2F..", "%20", "a%20b", "%F0%9F%98%80", "-", "%2F", "%2F%2F", "-1",
        "99999999999999999999", "%27%20OR%201=1--", String(repeating: "x", count: 4_000),
    ]

    private static let queries = [
        "?limit=-1", "?limit=x", "?limit=99999999999999999999", "?continuationToken=%FF", "?state=%00",
        "?&&=&=",
        "?frobnicate=1", "?limit=1&limit=2", "?tenant=" + String(repeating: "x", count: 4_000), "?%",
    ]

    /// A route's path with its parameters filled in.
    private func path(_ route: Route, task: String, pool: String, worker: String, run: String) -> String {
        route.pattern.map { segment in
            switch segment {
            case .literal(let text): "/" + text
            case .pool: "/" + pool
            case .parameter("taskId"): "/" + task
            case .parameter("runId"): "/" + run
            // The one that the provider gives and the one that the pool has, so that nothing but the garbage
            // is wrong.
            case .parameter("workerGroup"): "/here"
            case .parameter("launchConfigId"): "/standard"
            case .parameter("workerId"): "/" + worker
            case .parameter: "/something"
            }
        }.joined()
    }

    /// What garbage must not change: all but what goes on by itself.
    private func state(_ served: ServedEngine) async throws -> [String: [String]] {
        var tables = try await served.store.tables()
        // What time alone changes; what a pool has learned is kept once a minute.
        let passing = [
            "workers", "plans", "outbox", "sqlite_sequence", "leases", "replicas", "capacity",
            "demand_statistics",
        ]
        for table in passing { tables[table] = nil }
        tables["workers"] = try await served.store.read { transaction in
            try await transaction.rows("SELECT id, state, claimed, drain FROM workers ORDER BY id").map {
                "\($0)"
            }
        }
        return tables
    }

    /// A served engine with a worker that holds a task, another task that waits, and every route there is.
    private func with(
        _ body: (ServedEngine, [Route], _ token: String, _ worker: WorkerKey) async throws -> Void
    ) async throws {
        try await ServedEngine.with { served in
            let worker = try await served.runningWorkers(1)[0]
            // No other worker is launched meanwhile, and no claim ends, however long the garbage takes.
            var lifecycle = Lifecycle()
            lifecycle.claimTimeout = .seconds(3_600)
            try await served.define(workers: 1, max: 1, lifecycle: lifecycle)
            for id in ["held", "waits"] {
                let task = #"{"taskId":"\#(id)","workerPoolId":"demo/build","payload":{"command":["true"]}}"#
                let response = try await served.call(.post, APIPath.tasks, body: #"{"tasks":[\#(task)]}"#)
                #expect(response.status == 200)
            }
            let question = ClaimQuestion(worker: worker.key, requestID: "r", tasks: 1, holding: [])
            #expect(
                try await served.engine.queue.claim(question, wait: .zero).tasks.map(\.id.rawValue) == [
                    "held"
                ])
            let routes = Router(served.engine, log: .silent).routes
            #expect(routes.count > 15)
            try await body(served, routes, worker.token, worker.key)
        }
    }

    private func check(
        _ response: HTTPResponse, _ comment: @autoclosure () -> String, in allowed: Range<Int> = 400..<500
    ) throws {
        let comment = Comment(rawValue: comment())
        #expect(allowed.contains(response.status), comment)
        guard response.status >= 400 else { return }
        let error = try response.error
        #expect(ProblemCode(rawValue: error.code) != nil && !error.message.isEmpty, comment)
        #expect(error.requestId?.isEmpty == false, comment)
    }

    @Test("in the body is refused by every route that takes one, and nothing changes")
    func inBodies() async throws {
        try await with { served, routes, token, worker in
            let before = try await state(served)
            for route in routes where route.method != "GET" {
                let method = try #require(HTTPMethod(rawValue: route.method))
                let path = path(route, task: "held", pool: "demo/build", worker: worker.id.rawValue, run: "0")
                // A reason may be any text.
                let fields = Self.fields.flatMap { field in
                    Self.values.filter { field != "reason" || !$0.hasPrefix("\"") }.map {
                        Array("{\"\(field)\":\($0)}".utf8)
                    }
                }
                for body in Self.bodies + fields {
                    let response = try await served.call(method, path, bytes: body, token: token)
                    let start = String(decoding: body.prefix(60), as: UTF8.self)
                    try check(response, "\(route.name): \(response.status) to \(start)")
                }
            }
            let after = try await state(served)
            for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
        }
    }

    @Test("in the path or the query is refused, or says nothing, and nothing changes")
    func inPaths() async throws {
        try await with { served, routes, token, worker in
            let before = try await state(served)
            for route in routes {
                let method = try #require(HTTPMethod(rawValue: route.method))
                let body = method == .get ? nil : "{\"frobnicate\":1}"
                let valid = path(
                    route, task: "held", pool: "demo/build", worker: worker.id.rawValue, run: "0")
                for id in Self.ids {
                    for path in [
                        path(route, task: id, pool: "demo/build", worker: id, run: id),
                        path(route, task: "held", pool: id + "/" + id, worker: worker.id.rawValue, run: "0"),
                    ] where path != valid {
                        let response = try await served.call(method, path, body: body, token: token)
                        try check(response, "\(route.name): \(response.status) to \(path.prefix(120))")
                    }
                }
                for query in Self.queries {
                    let response = try await served.call(method, valid + query, body: body, token: token)
                    try check(
                        response, "\(route.name): \(response.status) to \(query.prefix(40))",
                        in: method == .get ? 200..<500 : 400..<500)
                }
            }
            let after = try await state(served)
            for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
        }
    }

    @Test("as the method, the credentials or the headers is refused, and nothing changes")
    func inHeads() async throws {
        try await with { served, routes, token, worker in
            let before = try await state(served)
            for route in routes {
                let path = path(route, task: "held", pool: "demo/build", worker: worker.id.rawValue, run: "0")
                let possible = Set(
                    routes.filter { $0.match(path.split(separator: "/").map(String.init)) != nil }
                        .map(\.method))
                for method in HTTPMethod.allCases
                where method != .head && !possible.contains(method.rawValue) {
                    let response = try await served.call(method, path, token: token)
                    #expect(
                        response.status == 405 && response.header("Allow") != nil, "\(method) \(route.name)")
                    try check(response, "\(method) \(route.name)")
                }
                let method = try #require(HTTPMethod(rawValue: route.method))
                for authorization in [
                    "Bearer", "Bearer ", "Bearer x", "Basic dTpw", token, "Bearer " + token + "x",
                    "Bearer " + String(repeating: "y", count: 5_000), "Bearer \u{e9}",
                ] {
                    let body = method == .get ? nil : "{\"frobnicate\":1}"
                    let response = try await served.call(
                        method, path, body: body, authorization: authorization, by: .network)
                    let isOpen = if case .anyone = route.access { true } else { false }
                    try check(
                        response, "\(route.name): \(response.status) to \(authorization.prefix(20))",
                        in: isOpen ? 200..<500 : 400..<500)
                }
                let huge = try await served.call(
                    method, path, authorization: "Bearer " + String(repeating: "z", count: 60_000))
                try check(huge, "\(route.name): \(huge.status) to a huge header")
            }
            let after = try await state(served)
            for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
        }
    }
}
