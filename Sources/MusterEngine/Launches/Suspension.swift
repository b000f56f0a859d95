import MusterCore
import MusterStore

/// How a worker ended that never came to work, for the person who has to find out why.
struct SilentEnd {
    /// Why it is gone, or is ended.
    let detail: String
    /// Where its output is; nil where nobody knows.
    let output: String?

    init(_ detail: String, output: String?) {
        self.detail = detail
        self.output = output
    }

    /// Both; what a provider said of the end may name the output already.
    var sentence: String {
        guard let output, !detail.contains(output) else { return detail }
        return "\(detail); its output is in \(output)"
    }
}

extension WriteTransaction {
    /// Suspends a launch config of which too many workers in a row ran and never came to work: an image that does
    /// not work costs money with every try, and only a person can mend it.
    ///
    /// - Parameter end: how the last of them ended.
    func suspendWhereAllAreSilent(
        _ id: LaunchConfigID, of poolID: PoolID, _ end: SilentEnd, at now: Timestamp
    ) async throws {
        guard let pool = try await pool(poolID), let config = try await launchConfig(id, of: poolID),
            config.suspension == nil, config.archivedAt == nil,
            config.health.isSilent(beyond: pool.definition.suspendAfter)
        else { return }
        let reason =
            "\(config.health.silentInARow) workers in a row ran and never came to work; the last one: "
            + end.sentence
        try await save(suspension: reason, of: id, in: poolID)
        let provider = pool.definition.providerID
        try await publish(
            config.event(
                .launchConfigSuspended, provider: provider, at: now, reason: reason, output: end.output))
        let others = try await launchConfigs(of: poolID).filter { $0.archivedAt == nil && $0.id != id }
        guard others.allSatisfy({ $0.suspension != nil }) else { return }
        try await publish(
            pool.event(
                .poolSuspended, at: now,
                reason: "every launch config is suspended; the last was \(id): \(reason)"))
    }

    /// A worker has come to work: its launch config's image works.
    func hear(from worker: Worker, at now: Timestamp) async throws {
        try await changeHealth(of: worker.launchConfigID, in: worker.key.poolID) {
            $0.note(.heard, at: now)
        }
    }
}
