import CPostgres
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterStore

@Suite("Signals between processes")
struct PostgresSignalTests {
    private static let strange = ["a/b", "it's \"it\"/x", "a\u{0}b/\u{1}c", "🦀/é", "9:p1:x/q", ""].map {
        PoolID(rawValue: $0)
    }

    @Test(
        "Two stores on one database hear of each other's writes, of theirs once, and events when they can be read"
    )
    func heard() async throws {
        try await PostgresDatabase.run { database in
            let other = try await PostgresStore.open(PostgresAddress(database.address))
            let wanted = Set(
                Self.strange.flatMap { [StoreSignal.pool($0), .queue($0)] } + [.workers, .outbox])
            var signals = other.signals().makeAsyncIterator()
            try await database.store.write(in: .store) { transaction in
                for signal in wanted { transaction.signal(signal) }
                try await transaction.publish(
                    Event(.frozen, subject: "fleet", poolID: nil, time: noon, data: .object([:])))
            }
            var heard: Set<StoreSignal> = []
            while !heard.isSuperset(of: wanted), let batch = await signals.next() {
                heard.formUnion(batch)
                guard batch.contains(.outbox) else { continue }
                #expect(try await other.read { try await $0.eventRange() }?.newest == 1)
            }
            #expect(heard == wanted)
            await other.close()
        }
    }

    @Test("Whoever may have missed something is told that everything may have changed, and hears again")
    func missed() async throws {
        try await PostgresDatabase.run { database in
            let other = try await PostgresStore.open(PostgresAddress(database.address))
            var signals = other.signals().makeAsyncIterator()
            try await database.cutAll()
            var heard: Set<StoreSignal> = []
            while !heard.contains(.everything), let batch = await signals.next() { heard.formUnion(batch) }
            try await database.store.write(in: .store) { $0.signal(.workers) }
            while !heard.contains(.workers), let batch = await signals.next() { heard.formUnion(batch) }
            #expect(heard.contains(.workers))
            await other.close()
        }
    }

    @Test("What is told within some milliseconds goes out together")
    func together() async throws {
        try await PostgresDatabase.run { database in
            let clock = SystemClock()
            let address = try PostgresAddress(database.address)
            let messenger = try PostgresMessenger(
                PostgresConnector(address, clock: clock), schema: "test", heard: { _ in })
            let listener = try PostgresConnection.open(address, clock: clock, for: .work)
            try listener.ask([PostgresCommand("LISTEN \(messenger.channel)")])
            for index in 0..<200 { messenger.tell([.queue(PoolID(rawValue: "p/\(index)"))]) }
            async let run: Void = messenger.run()
            var heard: Set<StoreSignal> = []
            var count = 0
            while heard.count < 200 {
                try listener.ask([PostgresCommand("SELECT 1")])
                while let note = PQnotifies(listener.handle) {
                    heard.formUnion(SignalMessage.decode(String(cString: note.pointee.extra)))
                    PQfreemem(note)
                    count += 1
                }
            }
            #expect(count == 1)
            messenger.close()
            await run
        }
    }

    @Test("Messages keep what they say, and to their length")
    func messages() {
        let signals = Set(
            Self.strange.flatMap { [StoreSignal.pool($0), .queue($0)] } + [
                .deadlines, .workers, .outbox, .everything,
            ])
        for limit in [1, 20, 60, 7_000] {
            let messages = SignalMessage.encode(signals, limit: limit)
            #expect(messages.map(SignalMessage.decode).reduce([]) { $0.union($1) } == signals)
            for message in messages where message.utf8.count > limit {
                // One word alone may be longer.
                #expect(SignalMessage.decode(message).count == 1)
            }
        }
        #expect(SignalMessage.encode([]) == [])
    }

    @Test(
        "What nobody understands may mean everything", arguments: ["?", "p", "p5:ab", "p-1:", "px:ab", "dz"])
    func garbage(message: String) {
        #expect(SignalMessage.decode(message).contains(.everything))
    }
}
