import MusterCore
import MusterHTTP
import MusterRuntime
import MusterTesting

/// A paced client before a server that answers as it is told, by a clock that stands still.
final class PacingScene: Sendable {
    let clock = ManualClock()
    let server: LoopbackServer
    let paced: PacedClient
    private let client: HTTPClient
    private let replies: Locked<[Reply]>

    /// Answers with `replies` in order, and with "done" when there are no more.
    init(_ replies: [Reply] = [], connections: Int = HTTPPolicy.connectionsPerHost) throws {
        let left = Locked(replies)
        self.replies = left
        server = try LoopbackServer { _ in
            left.withLock { $0.isEmpty ? .text("done") : $0.removeFirst() }
        }
        client = try HTTPClient(configuration: .init(connectionsPerHost: connections))
        paced = PacedClient(client, clock: clock, seed: 1)
    }

    /// Runs `body`, and shuts the client down whatever happens.
    static func run(
        _ replies: [Reply] = [], connections: Int = HTTPPolicy.connectionsPerHost,
        _ body: (PacingScene) async throws -> Void
    ) async throws {
        let scene = try PacingScene(replies, connections: connections)
        do {
            try await body(scene)
        } catch {
            await scene.client.shutDown()
            throw error
        }
        await scene.client.shutDown()
    }

    /// Makes a call to the server.
    func call(
        _ policy: CallPolicy = CallPolicy(), kind: CallKind = .read, method: HTTPMethod = .get,
        cost: Double = 1, path: String = "/"
    ) async throws(Problem) -> HTTPResponse {
        let url = server.url(path)
        return try await paced.send(kind, policy, cost: cost) { () throws(Problem) in
            HTTPRequest(method, url)
        } judge: {
            Self.verdict($0)
        }
    }

    /// The same as a task, and its problem's code.
    func calling(
        _ policy: CallPolicy = CallPolicy(), kind: CallKind = .read, method: HTTPMethod = .get,
        cost: Double = 1, path: String = "/"
    ) -> Task<Result<HTTPResponse, Problem>, Never> {
        Task {
            do throws(Problem) {
                return .success(
                    try await call(policy, kind: kind, method: method, cost: cost, path: path))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Makes a call that may be repeated, to the server or to somebody else, for all that is known of its end.
    func exchanging(
        _ policy: CallPolicy = CallPolicy(isRepeatable: true), method: HTTPMethod = .post, url: String? = nil,
        timeout: Duration = HTTPPolicy.timeout
    ) -> Task<Result<CallAnswer, CallFailure>, Never> {
        Task {
            let url = url ?? server.url()
            do throws(CallFailure) {
                return .success(
                    try await paced.exchange(.read, policy) { () throws(Problem) in
                        HTTPRequest(method, url, timeout: timeout)
                    } judge: {
                        Self.verdict($0)
                    })
            } catch {
                return .failure(error)
            }
        }
    }

    /// The figures of a kind.
    func figures(_ kind: CallKind = .read) -> CallFigures {
        paced.figures.first { $0.kind == kind } ?? CallFigures(kind)
    }

    static func verdict(_ response: HTTPResponse) -> CallVerdict {
        switch response.status {
        case 429: .throttled(after: nil)
        case 401, 408, 500...: .again(after: nil)
        case 418: .failed(label: "teapot")
        default: .done
        }
    }
}

extension CallKind {
    static let read = CallKind(provider: "cloud", region: "here", name: "read")
    static let elsewhere = CallKind(provider: "cloud", region: "there", name: "read")
}

extension Result where Success == HTTPResponse, Failure == Problem {
    var status: Int? { try? get().status }
    var problem: Problem? { if case .failure(let problem) = self { problem } else { nil } }
}
