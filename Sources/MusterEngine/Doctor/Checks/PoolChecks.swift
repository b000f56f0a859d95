import MusterCore
import MusterStore

extension DoctorCheck {
    /// Whether launches are stopped for all pools.
    static let freeze = DoctorCheck("freeze") { patient in
        guard let reason = try await patient.context.store.read({ try await $0.setting(SettingName.frozen) })
        else { return .ok("launches are not frozen") }
        return .warning(
            "everything is frozen: nothing is launched\(reason.isEmpty ? "" : " (\(reason))")",
            do: "let launches go on with muster unfreeze")
    }

    /// Whether every pool's provider is there.
    static let providers = DoctorCheck("providers") { patient in
        let pools = try await patient.context.store.read { try await $0.pools() }
        let lost = pools.filter { patient.context.providers[$0.definition.providerID] == nil }
        guard lost.isEmpty else {
            return .failed(
                "the providers of \(lost.count) pools are not enabled: nothing is launched for them, and their "
                    + "workers cannot be ended",
                do: "enable the providers in muster.yaml, and start the service again",
                lost.map { "\($0.id): \($0.definition.providerID)" })
        }
        let moves = Set(lost.isEmpty ? pools.map(\.definition.providerID) : []).compactMap {
            patient.context.places.move(of: $0)
        }
        guard moves.isEmpty else {
            return .failed(
                "\(moves.count) providers point elsewhere than where their instances are: they are not used",
                do:
                    "point them back in muster.yaml and start the service again; muster provider forget counts what "
                    + "was there as gone", moves.map(\.description).sorted())
        }
        return .ok("every pool's provider is enabled")
    }

    /// Whether something is there to be launched for every pool.
    static let pools = DoctorCheck("pools") { patient in
        let now = patient.now
        let offerings = patient.context.offerings
        let views = try await patient.context.store.upkeep.read { transaction in
            var views: [PoolView] = []
            for id in try await transaction.poolIDs() {
                if let view = try await transaction.view(of: id, offerings, at: now) { views.append(view) }
            }
            return views
        }
        let held = views.compactMap { $0.hindrance(at: now) }
        guard held.isEmpty else {
            return .warning(
                "nothing can be launched for \(held.count) of \(views.count) pools",
                do: "see each with muster pool show POOL; muster pool resume POOL ends a pause", held)
        }
        let suspended = views.filter { !$0.pool.isDeleted }.flatMap(\.suspended)
        guard suspended.isEmpty else {
            return .warning(
                "\(suspended.count) launch configs are suspended: others stand in for them",
                do: "mend the image, then muster launch-config resume POOL CONFIG", suspended)
        }
        return .ok("something can be launched for every pool (\(views.count))")
    }
}

extension PoolView {
    /// Its launch configs that wait for a person, each with the reason.
    fileprivate var suspended: [String] {
        launchConfigs.compactMap { config in
            guard config.archivedAt == nil, let reason = config.suspension else { return nil }
            return "\(pool.id)/\(config.id): \(reason)"
        }
    }

    /// Why nothing can be launched for it, the freeze aside; nil when something can.
    fileprivate func hindrance(at now: Timestamp) -> String? {
        guard !pool.isDeleted else { return nil }
        if let pause = pool.pause, pause.holds(at: now) {
            let until = pause.until.map { " until \($0)" } ?? ""
            return "\(pool.id): paused\(until)\(pause.reason.isEmpty ? "" : " (\(pause.reason))")"
        }
        let current = launchConfigs.filter { $0.archivedAt == nil }
        if current.isEmpty { return "\(pool.id): it has no launch config" }
        let states = current.map { config -> String? in
            guard let weight = weights[config.id] else { return nil }
            // One that has all it may have is as it should be.
            if let exclusion = weight.exclusion {
                if exclusion == .suspended { return "suspended (\(config.suspension ?? ""))" }
                return exclusion == .full ? nil : exclusion.rawValue
            }
            if let until = weight.callsAgainAt { return "is throttled by its provider until \(until)" }
            if let until = weight.unavailableUntil { return "has no offering available until \(until)" }
            return weight.restsUntil.map { "rests until \($0) after failures" }
        }
        guard states.allSatisfy({ $0 != nil }) else { return nil }
        let list = zip(current, states).map { "\($0.id) \($1 ?? "")" }.joined(separator: ", ")
        return "\(pool.id): no launch config can launch: \(list)"
    }
}
