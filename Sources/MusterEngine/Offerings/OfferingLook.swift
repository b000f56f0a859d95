import MusterClouds
public import MusterCore
public import MusterStore

/// Finds out what launch configs can be launched as now: what their providers sell, and what of that is marked.
public struct OfferingLook: Sendable {
    private let providers: [ProviderID: any CloudProvider]

    init(_ providers: [ProviderID: any CloudProvider]) { self.providers = providers }

    /// The snapshots of a pool's launch configs.
    ///
    /// - Parameter capacity: what is there of each.
    public func snapshots(
        of configs: [LaunchConfig], in pool: Pool, _ capacity: [LaunchConfigID: CapacityTable],
        from transaction: any ReadTransaction, at now: Timestamp
    ) async throws -> [LaunchConfigSnapshot] {
        var snapshots = configs.map { LaunchConfigSnapshot($0, capacity[$0.id] ?? CapacityTable()) }
        guard let provider = providers[pool.definition.providerID] else { return snapshots }
        let offerings = configs.map {
            $0.archivedAt == nil ? provider.offerings(of: $0.definition.content) : []
        }
        let names = Set(offerings.joined().flatMap(\.names))
        let marks = try await transaction.offeringMarks(of: provider.id, named: names, at: now)
        guard !marks.isEmpty else { return snapshots }
        let unanswered = try await transaction.unansweredInstances(of: pool.id)
        for index in snapshots.indices {
            snapshots[index].availability = marks.availability(of: offerings[index], at: now)
            snapshots[index].unanswered = unanswered[snapshots[index].id] ?? 0
        }
        return snapshots
    }
}
