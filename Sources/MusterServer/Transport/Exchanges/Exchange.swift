import CMicroHTTPD
import MusterCore
import MusterRuntime

/// One request and its answer.
///
///     named ──head──▶ receiving ──body──▶ handling ──answer──▶ settled ──queued──▶ answered
///       └─────────────────┴── refused: answered at once ────────────────────────────┘
///
/// The library's thread moves it up to `handling`, in which the connection is suspended: it exists, and
/// nobody reads from it, until somebody settles the exchange. Whoever settles first, handler, sweep or
/// stop, resumes the connection, exactly once and under the lock, so that after `settle` has returned
/// the connection is known not to be suspended any more.
final class Exchange: Sendable {
    /// The key in `Traffic` and `HangUpWatch`.
    let key: UInt64
    /// The id of the request.
    let id: String
    /// The connection it came on.
    let client: ClientConnection

    private let service: Service
    private let rawTarget: [UInt8]
    private let state = Locked(State())

    private struct State {
        var phase = Phase.named
        var head: RequestHead?
        var body: [UInt8] = []
        var bodyLimit = 0
        var handlerTime = Duration.zero
        /// Bytes that came after the body had become too large.
        var discarded = 0
        var isOverLimit = false
        var task: Task<Void, Never>?
        var handledSince: ContinuousClock.Instant?
        var isCancelled = false
        var isWatched = false
    }

    private enum Phase {
        case named
        case receiving
        case handling(SuspendedConnection)
        case settled(ServerResponse)
        case answered
    }

    /// What the library's thread has to do next.
    enum Step {
        /// Go on reading; or, when the handler has been started, nothing.
        case proceed
        /// Send this, and close the connection afterwards or keep it.
        case answer(ServerResponse, closing: Bool)
        /// Close the connection.
        case abandon
    }

    init(service: Service, client: ClientConnection, rawTarget: [UInt8]) {
        key = service.traffic.nextKey()
        id = service.configuration.requestID()
        self.client = client
        self.service = service
        self.rawTarget = rawTarget
    }

    // MARK: On the library's thread

    /// Whether the head has not been given yet.
    var awaitsHead: Bool {
        state.withLock { state in
            if case .named = state.phase { true } else { false }
        }
    }

    /// Takes the request line and the headers.
    func receiveHead(
        method: String, version: String, headers: [(name: String, value: String)], size: Int
    ) -> Step {
        do throws(Refusal) {
            let limits = service.configuration.limits
            guard size <= limits.headerBytes else { throw .headersTooLarge(limit: limits.headerBytes) }
            let head = try RequestHead(
                method: method, version: version, rawTarget: rawTarget, headers: headers)
            let bodyLimit =
                service.configuration.bodyLimit(method, head.target.path) ?? limits.bodyBytes
            let handlerTime =
                service.configuration.handlerTime(method, head.target.path) ?? limits.handlerTime
            if let length = head.contentLength, length > bodyLimit { throw .bodyTooLarge(limit: bodyLimit) }
            state.withLock { state in
                state.phase = .receiving
                state.head = head
                state.bodyLimit = bodyLimit
                state.handlerTime = handlerTime
                state.body.reserveCapacity(head.contentLength ?? 0)
            }
            return .proceed
        } catch {
            return refuse(error, closing: true)
        }
    }

    /// Takes a piece of the body.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Step {
        let goesOn = state.withLock { state in
            if !state.isOverLimit, state.body.count + bytes.count <= state.bodyLimit {
                state.body.append(contentsOf: bytes)
                return true
            }
            // No answer can be given before the end of the body; what comes until then is dropped.
            state.isOverLimit = true
            state.body = []
            state.discarded += bytes.count
            return state.discarded <= HTTPPolicy.discardedBytes
        }
        return goesOn ? .proceed : .abandon
    }

    /// Suspends `connection` and starts the handler; or, when there is an answer, gives that.
    func proceedToAnswer(_ connection: SuspendedConnection) -> Step {
        client.requestComplete()
        if let settled = takeSettled() { return settled }
        let limit = state.withLock { $0.isOverLimit ? $0.bodyLimit : nil }
        if let limit { return refuse(.bodyTooLarge(limit: limit), closing: false) }
        guard service.traffic.begin(self) else { return refuse(.shuttingDown, closing: true) }
        // Between these lines a stop may have settled it already.
        return startHandler(connection) ? .proceed : takeSettled() ?? .proceed
    }

    /// The library is done with the request: the answer has been sent, or the connection is gone.
    func complete() {
        service.traffic.end(self)
        client.awaitRequest()
    }

    private func refuse(_ refusal: Refusal, closing: Bool) -> Step {
        state.withLock { $0.phase = .answered }
        service.log.debug(
            "request refused", ["request": id, "status": "\(refusal.status)", "why": refusal.problem.message])
        return .answer(service.response(to: refusal, requestID: id), closing: closing)
    }

    private func takeSettled() -> Step? {
        let response: ServerResponse? = state.withLock { state in
            guard case .settled(let response) = state.phase else { return nil }
            state.phase = .answered
            return response
        }
        guard let response else { return nil }
        let closing = service.traffic.isDraining
        if let defect = response.defect {
            service.log.error("answer cannot be sent", ["request": id, "why": defect])
            return .answer(service.response(to: .answerUnsendable, requestID: id), closing: closing)
        }
        return .answer(response, closing: closing)
    }

    private func startHandler(_ connection: SuspendedConnection) -> Bool {
        state.withLock { state in
            guard case .receiving = state.phase, let head = state.head else { return false }
            let request = request(head, body: state.body)
            state.body = []
            connection.suspend()
            state.phase = .handling(connection)
            state.handledSince = .now
            let task = Task { self.settle(await self.service.handler.respond(to: request)) }
            if state.isCancelled { task.cancel() }
            state.task = task
            return true
        }
    }

    private func request(_ head: RequestHead, body: [UInt8]) -> ServerRequest {
        ServerRequest(
            id: id, method: head.method, path: head.target.path,
            rawTarget: String(decoding: rawTarget, as: UTF8.self), query: head.target.query,
            headers: head.headers, body: body, peer: client.peer, watch: { self.watchForHangUp() })
    }

    // MARK: On any thread

    /// Gives the answer, unless there is one already.
    func settle(_ response: ServerResponse) {
        state.withLock { state in
            switch state.phase {
            case .named, .receiving:
                state.phase = .settled(response)
            case .handling(let connection):
                state.phase = .settled(response)
                if state.isWatched { service.watch.unwatch(client.descriptor) }
                connection.resume()
            case .settled, .answered:
                break
            }
            state.task = nil
        }
    }

    /// Cancels the handler's task, now or as soon as there is one.
    func cancelHandler() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        // Outside the lock: cancelling runs the handler's own code.
        task?.cancel()
    }

    /// Cancels the handler and answers in its stead.
    func giveUp(_ refusal: Refusal) {
        cancelHandler()
        settle(service.response(to: refusal, requestID: id))
    }

    /// Gives up when the handler has been at it for longer than it may.
    func giveUpIfOverdue(at now: ContinuousClock.Instant) {
        let isOverdue = state.withLock { state in
            guard case .handling = state.phase, let since = state.handledSince else { return false }
            return since < now - state.handlerTime
        }
        guard isOverdue else { return }
        service.log.warning("handler took too long", ["request": id, "target": printableTarget])
        giveUp(.overdue)
    }

    private func watchForHangUp() {
        state.withLock { state in
            guard case .handling = state.phase, !state.isWatched else { return }
            state.isWatched = service.watch.watch(client.descriptor, key: key)
        }
    }

    /// The path without its query, which may hold what a log must not.
    private var printableTarget: String {
        String(decoding: rawTarget.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }
}
