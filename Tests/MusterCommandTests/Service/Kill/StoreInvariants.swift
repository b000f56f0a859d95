import MusterCore
import MusterStore
import Testing

/// What holds in the database at any moment, whoever dies when.
enum StoreInvariants {
    static func check(_ fleet: MusterFleet) async throws {
        try await fleet.database { file in
            // A service that died over the first migration has left none.
            guard try await file.hasTables() else { return }
            // Buckets, claims of workers, and what the queue counts.
            let differences = try await file.read { try await $0.counterDifferences() }
            #expect(differences == [])
            let damage = try await file.damage()
            #expect(damage.isEmpty)
        }
    }
}
