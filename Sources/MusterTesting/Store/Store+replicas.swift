public import MusterCore
public import MusterStore

extension Store {
    /// Another process that says it is there, and is not heard of again unless a test says so.
    @discardableResult
    public func announce(
        _ name: String, role: Replica.Role = .service, providers: [String] = ["scripted"],
        version: String = "",
        since start: Timestamp? = nil, for time: Duration = .seconds(60)
    ) async throws -> Replica {
        try await write(in: .store) { transaction in
            let now = try await transaction.now()
            return try await transaction.announce(
                Replica(
                    id: name, name: name, role: role, host: "", pid: 0, address: "", version: version,
                    providers: providers.map(ProviderID.init(rawValue:))),
                presentSince: start ?? now, freshness: .seconds(40), for: time)
        }
    }

    /// Lets a process that has announced itself take a lease, if it is free; the lease as it stands then.
    @discardableResult
    public func hold(_ lease: String, as replica: String) async throws -> Lease {
        try await write(in: .store) { try await $0.acquireLease(lease, for: replica) }
    }
}
