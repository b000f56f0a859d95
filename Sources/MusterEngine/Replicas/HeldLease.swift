import MusterCore
import MusterRuntime
import MusterStore

/// A lease that this process may have. It lasts for as long as the process's own row does.
final class HeldLease: Sendable {
    /// What it is a right to.
    let name: String
    private let scope: WriteScope
    private let context: EngineContext
    private let held = Locked<Lease?>(nil)

    /// The lease under which a pool is worked on; it changes hands between the writes that it covers.
    convenience init(ofPool pool: PoolID, in context: EngineContext) {
        self.init(Lease.name(ofPool: pool), in: .pool(pool), context)
    }

    /// A lease on something that is no pool's.
    convenience init(on name: String, in context: EngineContext) {
        self.init(name, in: .named(name), context)
    }

    private init(_ name: String, in scope: WriteScope, _ context: EngineContext) {
        self.name = name
        self.scope = scope
        self.context = context
    }

    /// The lease as it stands, taken if nobody had it: whoever has it, this process or another.
    func stand() async throws -> Lease {
        let replica = try await context.presence.replica(lasting: context.policy.leaseTime / 2)
        if var lease = held.withLock({ $0 }), lease.holder == replica.id {
            lease.expiresAt = replica.expiresAt
            return lease
        }
        let name = name
        // Another's is looked at without a write.
        if let lease = try await context.store.read({ try await $0.lease(name) }),
            lease.holder != replica.id, lease.holds(at: context.clock.now())
        {
            return lease
        }
        return try await forgettingWhatIsLost {
            let lease = try await self.context.write(
                in: self.scope, reaching: { $0.holder == replica.id ? .leaseTaken : nil }
            ) { try await $0.acquireLease(name, for: replica.id) }
            if lease.holder == replica.id { self.held.withLock { $0 = lease } }
            return lease
        }
    }

    /// The lease, if this process has it or could take it; nil when another has it.
    func current() async throws -> Lease? {
        let lease = try await stand()
        return isOwn(lease) ? lease : nil
    }

    /// The same.
    ///
    /// - Throws: `HeldElsewhere` when another has it.
    func required() async throws -> Lease {
        let lease = try await stand()
        guard isOwn(lease) else { throw HeldElsewhere(lease) }
        return lease
    }

    /// Makes sure, before something is done that no transaction can take back, that a lease holds for `time` at
    /// least by the store's own clock: it is read again now.
    ///
    /// - Throws: `Problem` `lease-lost`.
    func assure(_ lease: Lease, lasting time: Duration) async throws {
        // Less may be left only because it was not renewed yet.
        let margin = min(time + context.policy.clockTolerance, context.policy.leaseTime * 0.9)
        _ = try await context.presence.replica(lasting: margin)
        try await forgettingWhatIsLost {
            try await self.context.write(in: self.scope, reaching: { _ in nil }) { transaction in
                try await self.context.require(lease, lasting: time, in: transaction)
            }
        }
    }

    /// Runs what is done under it; when a write finds it lost, it is taken or looked at anew the next time.
    func forgettingWhatIsLost<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let problem as Problem where problem.code == .leaseLost {
            held.withLock { $0 = nil }
            context.presence.doubt()
            context.log.warning(
                "a lease was lost: nothing was written under it", ["lease": name, "error": problem.message])
            throw problem
        }
    }

    /// Gives it back before its time, so that nobody need wait for its end.
    func release() async throws {
        guard let lease = held.withLock({ $0 }) else { return }
        try await context.write(in: scope, reaching: .leaseReleased) { try await $0.release(lease) }
        held.withLock { held in
            if held == lease { held = nil }
        }
    }

    /// Whether it is this process's.
    func isOwn(_ lease: Lease) -> Bool { lease.holder == context.presence.last?.id }
}

/// Another process works on it: this one has nothing to do, and looks again when that one's time is over.
struct HeldElsewhere: Error {
    /// The process.
    let holder: String
    /// When its time is over unless it is renewed.
    let until: Timestamp

    init(_ lease: Lease) {
        holder = lease.holderName
        until = lease.expiresAt
    }
}
