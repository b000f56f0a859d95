import MusterCore
import Glibc
public import MusterRuntime

/// Google's Compute Engine, its metadata server and its token endpoints, as far as Muster uses them: they speak HTTP on
/// the loopback address, keep state, take their time, and fail as they are told.
public final class FakeGoogle: Sendable {
    /// The project.
    public let project = "fake-project"

    /// Requests that have been dealt with.
    public let answers = Milestone()
    let state: Locked<FakeGoogleState>
    private let clock: any WallClock
    private let started = Locked<LoopbackServer?>(nil)

    /// Starts one.
    ///
    /// - Parameters:
    ///   - clock: by which its operations take their time.
    ///   - seed: what chance begins with.
    public init(_ settings: FakeGoogleSettings = .init(), clock: any WallClock, seed: UInt64 = 1) throws {
        self.clock = clock
        state = Locked(FakeGoogleState(settings, seed: seed))
        let server = try LoopbackServer { [weak self] request in
            guard let self else { return .hangUp }
            return self.reply(to: request)
        }
        started.withLock { $0 = server }
    }

    /// The server, for the address and for what was received.
    public var server: LoopbackServer {
        guard let server = started.withLock({ $0 }) else {
            preconditionFailure("the server is started at once")
        }
        return server
    }

    /// Changes how it behaves.
    public func change(_ body: @Sendable (inout FakeGoogleSettings) -> Void) {
        state.withLock { body(&$0.settings) }
    }

    /// The moment by its clock.
    var now: Timestamp { clock.now() }

    /// Looks at, or changes, how things stand when all has ended whose time has come.
    @discardableResult func settled<Value: Sendable>(
        _ body: @Sendable (inout FakeGoogleState) -> Value
    ) -> Value {
        let now = clock.now()
        return state.withLock { state in
            state.settle(at: now)
            return body(&state)
        }
    }

    /// Returns when all operations have ended that were begun, by its clock.
    public func untilOperationsEnd() async throws {
        while let end = settled({ state in state.open.map { state.operations[$0].doneAt }.max() }) {
            try await clock.sleep(for: end - clock.now())
        }
    }

    /// Answers a request.
    private func reply(to request: ReceivedRequest) -> Reply {
        let call = FakeGoogleRequest(request)
        let now = clock.now()
        let outcome = state.withLock { state -> FakeGoogleOutcome in
            state.settle(at: now)
            return state.handle(call, project: project, base: server.url(""), at: now)
        }
        if outcome.isLate {
            let time = state.withLock { $0.settings.lateTime }
            usleep(UInt32(clamping: time.milliseconds * 1_000))
        }
        defer { answers.pass() }
        let date = FakeGoogleDate.text(now + state.withLock { $0.settings.clockOffset })
        return outcome.reply(date: date)
    }
}
