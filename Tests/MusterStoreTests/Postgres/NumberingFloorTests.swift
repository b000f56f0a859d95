import MusterCore
import Testing

@testable import MusterStore

@Suite("From where events without a position are looked for")
struct NumberingFloorTests {
    private func view(_ last: Int64, oldest: Int64, newest: Int64) -> NumberingFloor.View {
        NumberingFloor.View(lastWritten: last, oldest: oldest, newest: newest)
    }

    @Test("It rises to a number only when all have ended that had begun when it was given")
    func rises() {
        var floor = NumberingFloor()
        floor.note(view(100, oldest: 7, newest: 10))
        #expect(floor.written == 0)
        // One that had begun by then goes on: it may have written up to 100.
        floor.note(view(200, oldest: 9, newest: 20))
        #expect(floor.written == 0)
        floor.note(view(300, oldest: 10, newest: 30))
        #expect(floor.written == 100)
        // The next is what was seen when the last one was reached.
        floor.note(view(400, oldest: 29, newest: 40))
        #expect(floor.written == 100)
        floor.note(view(500, oldest: 30, newest: 50))
        #expect(floor.written == 300)
    }

    @Test("It begins anew with a server that gives numbers again")
    func numbersAgain() {
        var floor = NumberingFloor()
        floor.note(view(100, oldest: 10, newest: 10))
        floor.note(view(100, oldest: 10, newest: 10))
        #expect(floor.written == 100)
        floor.note(view(60, oldest: 12, newest: 12))
        #expect(floor.written == 0)
    }

    @Test("An event is found whose transaction went on while others were numbered, however often")
    func writtenForLong() async throws {
        try await PostgresDatabase.run { database in
            let store = database.store
            for expected in 1..<10 {
                try await store.write(in: .store) { transaction in
                    try await transaction.publish(
                        Event(.frozen, subject: "fleet", poolID: nil, time: noon, data: .object([:])))
                    for _ in 0..<3 { _ = try await store.numbering.number() }
                }
                let found = try await store.readOutbox { try await $0.events(after: 0, limit: 10) }
                #expect(found.count == expected)
            }
        }
    }

    @Test("The first event of all is found, however often there was none before, and so is every later one")
    func firstEvent() async throws {
        try await PostgresDatabase.run { database in
            for expected in 0..<4 {
                let found = try await database.store.readOutbox { try await $0.events(after: 0, limit: 10) }
                #expect(found.count == expected)
                for _ in 0..<3 { _ = try await database.store.numbering.number() }
                try await database.store.write(in: .store) {
                    try await $0.publish(
                        Event(.frozen, subject: "fleet", poolID: nil, time: noon, data: .object([:])))
                }
            }
        }
    }
}
