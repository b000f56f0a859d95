public import MusterCore
public import MusterRuntime

/// Makes calls to clouds: at the pace that they allow, again where that helps, and counted.
///
/// Each kind of call has a bucket of tokens. Calls wait in the order in which they came, and what one region
/// throttles holds up no other. Knows nothing of what an answer means: a judge says.
public final class PacedClient: Sendable {
    let client: HTTPClient
    let clock: any WallClock
    private let chance: Locked<SeededGenerator>
    private let lanes = Locked<[CallKind: CallLane]>([:])

    /// Paces the calls of `client`, which stays its owner's to shut down.
    ///
    /// - Parameter seed: what chance begins with: it spreads the waits.
    public init(_ client: HTTPClient, clock: any WallClock, seed: UInt64) {
        self.client = client
        self.clock = clock
        chance = Locked(SeededGenerator(seed: seed))
    }

    /// Waits for its turn in the kind's bucket, sends, judges, waits with full jitter, and sends again: all within
    /// the policy's deadline. A wait that would pass it ends the call at once.
    ///
    /// When no attempt is left, or no time, the last answer is returned, whatever its judge said of it, or the last
    /// problem is thrown, and says so. When an earlier attempt was lost that may have been carried out, and no later
    /// answer was final, that attempt's problem is thrown instead. Either way what comes back tells whether any
    /// attempt may have been carried out that it says nothing of.
    ///
    /// - Parameters:
    ///   - cost: the tokens that each attempt takes.
    ///   - request: makes the request, anew for each attempt: signatures have times. Its own timeout holds where
    ///     it is the shorter one.
    ///   - judge: what an answer means.
    /// - Throws: what `request` and `HTTPClient.send` throw; `.callHeld` when nothing was sent because the turn
    ///   would have come too late; `.cancelled`.
    public func exchange(
        _ kind: CallKind, _ policy: CallPolicy, cost: Double = 1,
        request: @Sendable () async throws(Problem) -> HTTPRequest,
        judge: @Sendable (HTTPResponse) -> CallVerdict
    ) async throws(CallFailure) -> CallAnswer {
        let lane = lane(kind, policy.rate)
        var call = PacedCall(policy, cost: cost, lane: lane, client: self)
        do throws(CallFailure) {
            let answer = try await call.run(request, judge)
            lane.count { $0.end(call.failure) }
            return answer
        } catch {
            lane.count { $0.end(error.problem.code.rawValue) }
            throw error
        }
    }

    /// The same for questions, which change nothing whether they arrive or not.
    public func send(
        _ kind: CallKind, _ policy: CallPolicy, cost: Double = 1,
        request: @Sendable () async throws(Problem) -> HTTPRequest,
        judge: @Sendable (HTTPResponse) -> CallVerdict
    ) async throws(Problem) -> HTTPResponse {
        do throws(CallFailure) {
            return try await exchange(kind, policy, cost: cost, request: request, judge: judge).response
        } catch {
            throw error.problem
        }
    }

    /// What became of the calls, by kind, in the order of their names.
    public var figures: [CallFigures] {
        lanes.withLock { Array($0.values) }.map(\.figures).sorted { left, right in
            (left.kind.provider, left.kind.region, left.kind.name)
                < (right.kind.provider, right.kind.region, right.kind.name)
        }
    }

    /// Notes what the cloud says is left of something, for the figures. `name` is of a small set.
    public func note(_ name: String, _ value: Double, for kind: CallKind) {
        lane(kind).count { figures in
            guard figures.notes[name] != nil || figures.notes.count < HTTPPolicy.failureLabels else { return }
            figures.notes[name] = value
        }
    }

    /// Draws from the client's chance.
    func draw<Value: Sendable>(_ body: (inout SeededGenerator) -> Value) -> Value {
        chance.withLock { body(&$0) }
    }

    private func lane(_ kind: CallKind, _ rate: CallRate?) -> CallLane {
        let (lane, isNew) = lanes.withLock { lanes in
            if let lane = lanes[kind] { return (lane, false) }
            let lane = CallLane(kind, rate, clock: clock)
            lanes[kind] = lane
            return (lane, true)
        }
        if !isNew { lane.gate.set(rate) }
        return lane
    }

    private func lane(_ kind: CallKind) -> CallLane {
        lanes.withLock { lanes in
            if let lane = lanes[kind] { return lane }
            let lane = CallLane(kind, nil, clock: clock)
            lanes[kind] = lane
            return lane
        }
    }
}
