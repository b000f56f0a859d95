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
                let (counted, recounted) = (
                    try await transaction.capacityOfAllPools(), try await transaction.recountedCapacity()
                )
                #expect(counted == recounted, "the buckets are not what a recount gives")
                for recount in QueueRecount.all {
                    #expect(try await recount.differences(in: transaction) == [], "\(recount.name)")
                }
                let integrity = try await transaction.rows("PRAGMA integrity_check")
                #expect(try integrity.map { try $0.text("integrity_check") } == ["ok"])
                #expect(try await transaction.rows("PRAGMA foreign_key_check").isEmpty)
            }
        }
    }
}
