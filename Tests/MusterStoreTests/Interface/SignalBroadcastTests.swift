import MusterCore
import Testing

@testable import MusterStore

@Suite("A broadcast of signals", .timeLimit(.minutes(3)))
struct SignalBroadcastTests {
    private func pool(_ number: Int) -> StoreSignal { .pool(PoolID(rawValue: "demo/p\(number)")) }

    @Test("gives each listener what came since it began, merged until it is taken")
    func merged() async {
        let broadcast = SignalBroadcast()
        broadcast.send([.outbox])
        var first = broadcast.stream().makeAsyncIterator()
        broadcast.send([.workers])
        var second = broadcast.stream().makeAsyncIterator()
        broadcast.send([.workers, .deadlines])
        broadcast.send([pool(1)])
        #expect(await first.next() == [.workers, .deadlines, pool(1)])
        #expect(await second.next() == [.workers, .deadlines, pool(1)])
        broadcast.send([pool(2)])
        #expect(await second.next() == [pool(2)])
        #expect(await first.next() == [pool(2)])
    }

    @Test("loses nothing, however many send while a listener listens")
    func race() async {
        let broadcast = SignalBroadcast()
        let listeners = (0..<3).map { _ in broadcast.stream() }
        let heard = await withTaskGroup(of: Set<StoreSignal>.self) { group in
            for stream in listeners {
                group.addTask {
                    var heard: Set<StoreSignal> = []
                    for await batch in stream {
                        #expect(!batch.isEmpty)
                        heard.formUnion(batch)
                    }
                    return heard
                }
            }
            await withTaskGroup(of: Void.self) { senders in
                for sender in 0..<8 {
                    senders.addTask {
                        for number in 0..<500 {
                            broadcast.send([self.pool(sender * 500 + number)])
                            if number % 11 == 0 { await Task.yield() }
                        }
                    }
                }
            }
            broadcast.finish()
            return await group.reduce(into: []) { $0.append($1) }
        }
        let all = Set((0..<4_000).map(pool))
        #expect(heard == [all, all, all])
    }

    @Test("ends after what was sent last, and for listeners that come later at once")
    func finish() async {
        let broadcast = SignalBroadcast()
        var early = broadcast.stream().makeAsyncIterator()
        broadcast.send([.outbox])
        broadcast.finish()
        #expect(await early.next() == [.outbox])
        #expect(await early.next() == nil)
        var late = broadcast.stream().makeAsyncIterator()
        #expect(await late.next() == nil)
    }

    @Test("lets go of a listener whose task is cancelled, while it waits and between, and others go on")
    func cancelled() async {
        let broadcast = SignalBroadcast()
        var other = broadcast.stream().makeAsyncIterator()
        for _ in 0..<500 {
            let stream = broadcast.stream()
            let listener = Task {
                for await _ in stream {}
            }
            broadcast.send([.workers])
            listener.cancel()
            await listener.value
        }
        #expect(await other.next() == [.workers])
    }
}
