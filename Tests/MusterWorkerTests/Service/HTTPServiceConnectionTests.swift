import MusterAPI
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

@Suite("The service over HTTP", .timeLimit(.minutes(3)))
struct HTTPServiceConnectionTests {
    private let run = RunReference(taskID: TaskID(rawValue: "t-1"), runID: 3)

    /// Makes calls to a server with these answers; gives what it received.
    private func received(
        _ answers: [CannedServer.Answer], clock: any WallClock = SystemClock(),
        _ body: (HTTPServiceConnection) async throws -> Void
    ) async throws -> [String] {
        let folder = try TemporaryFolder()
        let server = try CannedServer(in: folder, answers: answers)
        let client = try HTTPClient()
        let address = try ServiceAddress("http+unix://\(APIPath.segment(server.path))")
        let connection = HTTPServiceConnection(
            to: address, as: WorkerUnderTest.key, client: client, clock: clock)
        do {
            try await body(connection)
        } catch {
            await client.shutDown()
            throw error
        }
        await client.shutDown()
        return server.received
    }

    private static let registered = CannedServer.Answer(
        body: """
            {"expires":"2027-01-15T08:00:00Z","credentials":{"clientId":"worker/w","accessToken":"the-access"},
            "workerConfig":{},"secret":"again"}
            """)

    @Test("a worker registers, and shows what it got with every later call")
    func calls() async throws {
        let claim = CannedServer.Answer(
            body: """
                {"tasks":[{"taskId":"t-1","runId":3,"takenUntil":"2027-01-15T08:05:00Z","tenant":"a","priority":"low",
                "payload":{"command":["true"]}}],"lost":[{"taskId":"t-0","runId":0}],
                "terminate":{"terminate":false,"reason":"none"}}
                """)
        let requests = try await received([
            Self.registered, claim, .init(body: #"{"takenUntil":"2027-01-15T08:10:00Z"}"#),
            .init(body: #"{"state":"completed"}"#), .init(body: #"{"terminate":true,"reason":"idle"}"#),
        ]) { connection in
            let proof = TokenIdentityProof(token: "the-token", nonce: "the-nonce")
            let expires = try await connection.register(
                RegisterWorkerRequest(
                    worker: WorkerUnderTest.key, providerId: ProviderID(rawValue: "local"), proof: proof))
            #expect(expires == Timestamp("2027-01-15T08:00:00Z"))
            let answer = try await connection.claim(
                ClaimRequest(
                    workerGroup: WorkerUnderTest.key.group, workerId: WorkerUnderTest.key.id, requestId: "r",
                    tasks: 1, holding: [run], waitSeconds: 0))
            #expect(answer.tasks.map(\.run) == [run])
            #expect(answer.tasks.map(\.takenUntil) == [Timestamp("2027-01-15T08:05:00Z")])
            #expect(answer.lost.map(\.description) == ["t-0/0"])
            #expect(try await connection.renew(run, within: .seconds(5)) == Timestamp("2027-01-15T08:10:00Z"))
            try await connection.report(
                run, RunReport(resolution: .completed, reason: .completed, exitCode: 0))
            #expect(try await connection.shouldTerminate().reason == "idle")
        }
        #expect(
            requests.map { String($0.prefix { $0 != "\r\n" }) } == [
                "POST /api/worker-manager/v1/worker/register HTTP/1.1",
                "POST /api/muster/v1/worker-pools/owner%2Fpool/claims HTTP/1.1",
                "POST /api/muster/v1/tasks/t-1/runs/3/renew HTTP/1.1",
                "POST /api/muster/v1/tasks/t-1/runs/3/report HTTP/1.1",
                "GET /api/worker-manager/v1/workers/owner%2Fpool/here/worker-1/should-terminate HTTP/1.1",
            ])
        #expect(!requests[0].contains("Authorization"))
        #expect(requests[0].contains(#""nonce":"the-nonce""#))
        #expect(requests.dropFirst().allSatisfy { $0.contains("Authorization: Bearer the-access\r\n") })
        #expect(requests[1].contains(#""holding":[{"#))
        #expect(requests[3].contains(#""resolution":"completed""#))
    }

    @Test("a lease is told by this machine's clock, however wrong it is")
    func skew() async throws {
        let clock = ManualClock()
        let told = try #require(Timestamp("1994-11-06T08:49:37Z"))
        let answer = CannedServer.Answer(
            headers: ["Date: Sun, 06 Nov 1994 08:49:37 GMT"], body: #"{"takenUntil":"1994-11-06T08:54:37Z"}"#)
        _ = try await received([answer], clock: clock) { connection in
            let until = try await connection.renew(run, within: .seconds(5))
            #expect(until == clock.now() + .seconds(300))
            #expect(until - told > .seconds(1_000_000))
        }
    }

    @Test("an answer that is no success says what it means")
    func failures() async throws {
        let lost = #"{"code":"claim-lost","message":"another worker holds it"}"#
        _ = try await received([
            .init(status: 409, body: lost), .init(status: 503, headers: ["Retry-After: 9"]),
            .init(status: 200, body: "<html>"),
        ]) { connection in
            for expected in ["lost", "later", "not understood"] {
                let failure = await #expect(throws: ServiceFailure.self) {
                    try await connection.report(run, RunReport(resolution: .failed, reason: .failed))
                }
                switch try #require(failure) {
                case .claimLost: #expect(expected == "lost")
                case .noAnswer(_, .some(let retryAfter)):
                    #expect(expected == "later")
                    #expect(retryAfter == .seconds(9))
                case .noAnswer(let problem, nil):
                    #expect(expected == "not understood")
                    #expect(problem.code == .answerUnexpected)
                case .refused: Issue.record("refused instead of \(expected)")
                }
            }
        }
    }

    @Test("a service that is not there has not answered")
    func nobody() async throws {
        let client = try HTTPClient()
        let connection = HTTPServiceConnection(
            to: try ServiceAddress("http+unix://%2Fnowhere%2Fat%2Fall"), as: WorkerUnderTest.key,
            client: client,
            clock: SystemClock())
        let failure = await #expect(throws: ServiceFailure.self) { try await connection.shouldTerminate() }
        if case .noAnswer? = failure {} else { Issue.record("\(String(describing: failure))") }
        await client.shutDown()
    }
}
