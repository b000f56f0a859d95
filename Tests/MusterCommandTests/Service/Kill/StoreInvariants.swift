import MusterCore
import MusterStore
import Testing

/// What holds in the database at any moment, whoever dies when.
enum StoreInvariants {
    static func check(_ fleet: MusterFleet) async throws {
        try await fleet.database { file in
            // A service that died over the first migration has left none.
            guard try file.hasTables() else { return }
            try await file.read { transaction in
                // Buckets, claims of workers, and what the queue counts.
                #expect(try await transaction.counterDifferences() == [])
                let integrity = try await transaction.rows("PRAGMA integrity_check")
                #expect(try integrity.map { try $0.text("integrity_check") } == ["ok"])
                #expect(try await transaction.rows("PRAGMA foreign_key_check").isEmpty)
            }
        }
    }
}
