import MusterCore
import MusterStore

extension DoctorCheck {
    /// Who works on the pools, and on what is done once for all.
    static let leases = DoctorCheck("leases") { patient in
        let now = patient.now
        let (views, pools) = try await patient.context.store.read { transaction in
            (try await transaction.replicaViews(at: now), try await transaction.poolIDs())
        }
        return judge(views.filter(\.isLiving), pools: pools, own: patient.context.holder, at: now)
    }

    static func judge(
        _ replicas: [ReplicaView], pools: [PoolID], own: String, at now: Timestamp
    ) -> Judgement {
        let lines = replicas.map { $0.line(own: own) }
        let services = replicas.filter { $0.replica.role == .service }
        guard let oldest = services.map(\.replica.since).min() else {
            return .ok(replicas.isEmpty ? "nobody works on a pool now" : "a scheduled run is at work", lines)
        }
        let versions = Set(services.map(\.replica.version))
        guard versions.count < 2 else {
            return .warning(
                "the \(services.count) services are of \(versions.count) versions: "
                    + versions.sorted().joined(separator: ", "),
                do: "nothing while an upgrade goes on; otherwise start the older ones anew", lines)
        }
        let held = Set(replicas.flatMap(\.pools))
        let left = pools.filter { !held.contains($0) }
        // One that has just come, or gone, is being made up for.
        guard left.isEmpty || now < oldest + DoctorPolicy.unattended else {
            return .warning(
                "nobody works on \(left.count) of \(pools.count) pools",
                do: "look again in a minute; if it stays so, see the loops of the services and their logs",
                lines + left.map { "nobody: \($0)" })
        }
        return .ok(
            services.count == 1
                ? "one service works on everything" : "\(services.count) services share the pools", lines)
    }
}

extension ReplicaView {
    /// Who it is and what it holds.
    fileprivate func line(own: String) -> String {
        let name = replica.name == own ? "\(replica.name) (this process)" : replica.name
        let place = replica.host.isEmpty ? "" : " on \(replica.host), process \(replica.pid)"
        let others = leases.isEmpty ? "" : ", " + leases.joined(separator: ", ")
        return "\(name)\(place), since \(replica.since), last seen \(replica.seenAt): "
            + "\(pools.count) pools\(others)"
    }
}
