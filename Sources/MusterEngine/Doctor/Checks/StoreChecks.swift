import MusterCore
import MusterStore

extension DoctorCheck {
    /// Whether the database's file is sound.
    static let database = DoctorCheck("database") { patient in
        let damage = try await patient.context.store.upkeep.damage()
        guard damage.isEmpty else {
            return .failed(
                "the database is damaged", do: "stop the service and restore the last backup", damage)
        }
        return .ok("the database is sound")
    }

    /// Whether the schema is this program's.
    static let schema = DoctorCheck("schema") { patient in
        let state = try await patient.context.store.read { try await $0.schemaState() }
        if !state.unknown.isEmpty {
            return .failed(
                "a newer version of Muster has changed the schema", do: "run that version", state.unknown)
        }
        guard state.missing.isEmpty else {
            return .failed(
                "the schema lacks steps of this version", do: "start the service again: it takes them",
                state.missing)
        }
        return .ok("the schema is up to date: \(state.applied.last ?? "empty")")
    }

    /// Whether the capacity buckets say what a full recount says.
    static let capacity = counters("capacity", [.capacity], "the capacity buckets equal a full recount")

    /// Whether the queue's counters say what a full recount says.
    static let queueCounters = counters(
        "queue counters", [.demand, .tenants, .tenantCounts], "the queue's counters equal a full recount")

    /// Whether workers hold as many tasks as their rows say.
    static let claims = counters("claims", [.claimed], "every worker holds the tasks that its row counts")

    private static func counters(
        _ name: String, _ counters: Set<CounterDifference.Counter>, _ whenEqual: String
    ) -> DoctorCheck {
        DoctorCheck(name) { patient in
            let differences = try await patient.context.store.upkeep.read {
                try await $0.counterDifferences()
            }.filter { counters.contains($0.counter) }
            guard !differences.isEmpty else { return .ok(whenEqual) }
            return .failed(
                "\(differences.count) of the numbers that are kept are not what a full recount gives",
                do: "mend them with muster doctor --recount, and report it: nothing is known to cause it",
                differences.map(\.sentence))
        }
    }
}
