import MusterCore
import MusterHTTP
import MusterTesting

/// A server that is quicker than anybody who asks it, and those who ask.
struct HTTPScene {
    private let server: NginxServer
    private let wrk: Wrk

    /// Starts the server.
    init(_ surroundings: Surroundings) throws {
        wrk = try Wrk(in: surroundings.folder)
        // As many bytes as a short answer of a cloud has.
        let body = String(repeating: "x", count: BenchPolicy.httpAnswerBytes)
        server = try NginxServer(in: surroundings.folder, server: "location / { return 200 \"\(body)\"; }")
    }

    /// Measures `wrk`, and the client right after it.
    func measure(_ measured: HTTPCase, _ figures: inout Figures) async throws {
        let url = server.url()
        let baseline = try await wrk.rate(of: url, connections: measured.callers, for: BenchPolicy.httpTime)
        let rate = try await rate(of: url, callers: measured.callers)
        figures.add(baseline, to: measured.baseline)
        figures.add(rate, to: measured.requests)
        figures.add(rate / baseline, to: measured.ratio)
    }

    /// Has so many tasks ask again and again; answers a second.
    private func rate(of url: String, callers: Int) async throws -> Double {
        let client = try HTTPClient(
            configuration: HTTPClientConfiguration(connectionsPerHost: callers, idleConnections: callers))
        do {
            let watch = Stopwatch()
            let end = ContinuousClock.now + BenchPolicy.httpTime
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<callers {
                    group.addTask { try await Self.ask(client, HTTPRequest(.get, url), until: end) }
                }
                return try await group.reduce(0, +)
            }
            let rate = Double(answers) / watch.seconds
            await client.shutDown()
            return rate
        } catch {
            await client.shutDown()
            throw error
        }
    }

    private static func ask(
        _ client: HTTPClient, _ request: HTTPRequest, until end: ContinuousClock.Instant
    ) async throws -> Int {
        var answers = 0
        while .now < end {
            let response = try await client.send(request)
            guard response.status == 200, response.body.count == BenchPolicy.httpAnswerBytes else {
                throw Problem(.internalError, "the server answered with \(response)")
            }
            answers += 1
        }
        return answers
    }
}
