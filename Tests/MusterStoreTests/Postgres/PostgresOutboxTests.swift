import MusterCore
import MusterRuntime
import MusterStore
import MusterTesting
import Testing

@Suite("The outbox of a database that many write to")
struct PostgresOutboxTests {
    private func publish(_ transaction: any WriteTransaction, _ subject: String) async throws {
        try await transaction.publish(
            Event(.taskSubmitted, subject: subject, poolID: samplePool, time: noon, data: .object([:])))
    }

    @Test("No reader passes over the event of a transaction that was held open across a later commit")
    func heldOpen() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            let isWritten = Gate()
            let mayCommit = Gate()
            let slow = Task {
                try await store.write(in: .named("slow")) { transaction in
                    try await transaction.publish(
                        Event(.taskSubmitted, subject: "slow", poolID: nil, time: noon, data: .object([:])))
                    isWritten.open()
                    await mayCommit.wait()
                }
            }
            await isWritten.wait()
            try await store.write(in: .named("quick")) { try await publish($0, "quick") }
            // A sink reads on from the last position that it has seen, as often as it likes.
            let first = try await store.readOutbox { try await $0.events(after: 0, limit: 10) }
            #expect(first.map(\.event.subject) == ["quick"])
            mayCommit.open()
            try await slow.value
            let position = try #require(first.last?.position)
            let second = try await store.readOutbox { try await $0.events(after: position, limit: 10) }
            #expect(second.map(\.event.subject) == ["slow"])
        }
    }

    @Test("Readers beside writers of two processes get every event once, and those of a subject in order")
    func readersBesideWriters() async throws {
        try await PostgresDatabase.run { database in
            let other = try await PostgresStore.open(PostgresAddress(database.address))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    for store in [database.store, other] {
                        group.addTask {
                            for _ in 0..<25 {
                                try await store.write(in: .named("subject\(writer)")) { transaction in
                                    let name = "count\(writer)"
                                    let count = try await transaction.setting(name).flatMap(Int.init) ?? 0
                                    try await transaction.set(name, to: "\(count + 1)")
                                    try await publish(transaction, "\(writer):\(count)")
                                }
                            }
                        }
                    }
                }
                for store in [database.store, other] {
                    group.addTask {
                        var position: Int64 = 0
                        var seen: [Substring: [Int]] = [:]
                        while seen.values.map(\.count).reduce(0, +) < 200 {
                            let from = position
                            let events = try await store.readOutbox {
                                try await $0.events(after: from, limit: 7)
                            }
                            for entry in events {
                                #expect(entry.position > position)
                                position = entry.position
                                let parts = entry.event.subject.split(separator: ":")
                                seen[parts[0], default: []].append(Int(parts[1]) ?? -1)
                            }
                        }
                        #expect(seen.values.allSatisfy { $0 == Array(0..<50) })
                    }
                }
                try await group.waitForAll()
            }
            await other.close()
        }
    }

    @Test("A position is never given twice, also when the events that had it are deleted")
    func neverTwice() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            for round in 1...3 {
                try await store.write(in: .store) { try await publish($0, "round\(round)") }
                let events = try await store.readOutbox { try await $0.events(after: 0, limit: 10) }
                #expect(events.map(\.position) == [Int64(round)])
                _ = try await store.write(in: .store) {
                    try await $0.deleteEvents(before: noon + .seconds(1), limit: 10)
                }
            }
            // Also not when they came from elsewhere with positions of their own.
            try await store.write(in: .store) { transaction in
                try await transaction.moveCursor(of: "sink", to: 1_000, at: noon)
                try await publish(transaction, "imported")
            }
            let events = try await store.readOutbox { try await $0.events(after: 1_000, limit: 10) }
            #expect(events.map(\.position) == [1_001])
        }
    }

    @Test("Whoever only reads gets what others have numbered")
    func readOnly() async throws {
        try await PostgresDatabase.run { database in
            try await database.store.write(in: .store) { try await publish($0, "one") }
            _ = try await database.store.readOutbox { try await $0.eventRange() }
            let reader = try await PostgresStore.open(PostgresAddress(database.address), access: .readOnly)
            let events = try await reader.readOutbox { try await $0.events(after: 0, limit: 10) }
            #expect(events.map(\.event.subject) == ["one"])
            await #expect(throws: Problem.self) { try await reader.write(in: .store) { _ in } }
            await reader.close()
        }
    }
}
