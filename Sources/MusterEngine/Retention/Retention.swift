import MusterCore
import MusterRuntime
import MusterStore

/// Forgets what has been over for long enough, a bounded number of rows at a time.
struct RetentionSweep {
    private let context: EngineContext
    private let lease: HeldLease

    /// The name of the lease under which one process alone does it, and of the scope of what it deletes.
    private static let name = "retention"

    init(_ context: EngineContext) {
        self.context = context
        lease = HeldLease(on: Self.name, in: context)
    }

    /// Forgets everything whose time has come.
    ///
    /// - Throws: `HeldElsewhere` when another process does.
    func run() async throws {
        let held = try await lease.required()
        try await lease.forgettingWhatIsLost { try await self.run(under: held) }
    }

    private func run(under lease: Lease) async throws {
        let retention = context.policy.retention
        let now = try await context.moment()
        try await sweep(lease) { try await $0.deleteResolvedTasks(before: now - retention.tasks, limit: $1) }
        try await sweep(lease) {
            try await $0.deleteStoppedWorkers(before: now - retention.workers, limit: $1)
        }
        // The brake counts what was asked for within its window.
        let launches = max(retention.launches, DecisionPolicy.brakeWindow)
        try await sweep(lease) { try await $0.deleteSettledLaunches(before: now - launches, limit: $1) }
        try await sweep(lease) { try await $0.deleteErrors(before: now - retention.errors, limit: $1) }
        try await sweep(lease) {
            try await $0.deleteOfferingMarks(before: now - OfferingPolicy.memory, limit: $1)
        }
        try await sweep(lease) { try await $0.deleteEvents(before: now - retention.events, limit: $1) }
        try await sweep(lease) { try await $0.deleteAudit(before: now - retention.audit, limit: $1) }
        try await sweep(lease) { try await $0.deleteTokens(before: now, limit: $1) }
        try await sweep(lease) { try await $0.deleteIdleTenants(before: now - retention.tenants, limit: $1) }
        try await sweepBlocks(lease)
        try await context.write(in: .store, reaching: .leftoversRemoved) { transaction in
            try await context.require(lease, in: transaction)
            try await transaction.deleteReplicas(goneBefore: now - EnginePolicy.replicaMemory)
            _ = try await transaction.deleteUnusedLaunchConfigs()
            try await transaction.removeEmptyDeletedPools()
        }
    }

    /// Looked for by a reader: the look goes through all counts.
    private func sweepBlocks(_ lease: Lease) async throws {
        let limit = context.policy.rowsPerDeletion
        var blocks: [EmptyBlock]
        repeat {
            let found = try await context.store.read { try await $0.emptyBlocks(limit: limit) }
            blocks = found
            guard !found.isEmpty else { return }
            try await context.write(in: .named(Self.name), reaching: .retentionSwept) { transaction in
                try await context.require(lease, in: transaction)
                try await transaction.delete(found)
            }
        } while blocks.count == limit
    }

    private func sweep(
        _ lease: Lease, _ delete: @escaping @Sendable (any WriteTransaction, Int) async throws -> Int
    ) async throws {
        let limit = context.policy.rowsPerDeletion
        while try await context.write(
            in: .named(Self.name), reaching: { $0 > 0 ? .retentionSwept : nil },
            { transaction in
                try await context.require(lease, in: transaction)
                return try await delete(transaction, limit)
            }) == limit
        {
            try Task.checkCancellation()
        }
    }
}
