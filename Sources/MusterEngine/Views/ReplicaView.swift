public import MusterCore
public import MusterStore

/// A process that works on the store, with everything that it holds.
public struct ReplicaView: Sendable {
    /// The process.
    public let replica: Replica
    /// Whether it is there; one that is gone holds nothing.
    public let isLiving: Bool
    /// The pools that it works on, by name.
    public let pools: [PoolID]
    /// The names of its other leases.
    public let leases: [String]
}

extension ReadTransaction {
    /// All processes that are there or were shortly before, by name.
    public func replicaViews(at now: Timestamp) async throws -> [ReplicaView] {
        let held = Dictionary(grouping: try await leases().filter { $0.holds(at: now) }, by: \.holder)
        return try await replicas().map { replica in
            let leases = held[replica.id] ?? []
            return ReplicaView(
                replica: replica, isLiving: replica.isLiving(at: now), pools: leases.compactMap(\.pool),
                leases: leases.filter { $0.pool == nil }.map(\.name))
        }
    }
}

extension Engine {
    /// The processes that work on the store, with what each of them holds.
    public func replicas() async throws -> [ReplicaView] {
        let now = now
        return try await store.read { try await $0.replicaViews(at: now) }
    }

    /// The name of this process among them.
    public var name: String { context.holder }
}
