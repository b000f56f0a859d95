import MusterCore
import MusterRuntime
import MusterStore

/// Ends holders and waiters whose time has passed, and notices when slots come back with time.
final class LimitKeeper: Sendable {
    private let context: EngineContext
    private let comeBack: @Sendable (Set<LimitID>) async -> Void
    private let expected = Locked<[LimitID: Timestamp]>([:])

    /// - Parameter comeBack: told of limits of which slots have come back with time.
    init(_ context: EngineContext, comeBack: @escaping @Sendable (Set<LimitID>) async -> Void) {
        self.context = context
        self.comeBack = comeBack
    }

    /// Looks once; when the next look is due.
    func run() async throws -> Timestamp? {
        let limit = context.policy.slotsPerExpiry
        let now = try await context.moment()
        // A lease of slots runs on while Muster is away: its holder knows when it ends, and nobody else may rely
        // on more.
        while try await context.write(
            in: .named("slots"), reaching: { $0 > 0 ? .slotsExpired : nil },
            { try await $0.expireSlots(by: now, limit: limit) }) >= limit
        {}
        let next = try await context.store.read { try await $0.nextSlotEnd() }
        let tokens = try await context.store.read { try await $0.nextTokens(at: now) }
        let back = expected.withLock { expected in
            let back = expected.filter { $0.value <= now }.keys
            expected = tokens
            return Set(back)
        }
        if !back.isEmpty { await comeBack(back) }
        return ([next] + tokens.values.map(Optional.some)).compactMap(\.self).min()
    }
}
