import MusterCore
import MusterRuntime

/// Answers questions about one pool together that come while others are being answered: however many there are,
/// the store is asked a few times.
final class Gathering<Question: Sendable, Answer: Sendable>: Sendable {
    /// Answers questions in their order.
    typealias Together = @Sendable (PoolID, [Question]) async throws -> [Answer]

    private struct Waiter {
        let question: Question
        let continuation: CheckedContinuation<Answer, any Error>
    }

    private let limit: Int
    private let answer: Together
    private let waiting = Locked<[PoolID: [Waiter]]>([:])

    /// - Parameter limit: the most that are answered at once.
    init(limit: Int, _ answer: @escaping Together) {
        self.limit = limit
        self.answer = answer
    }

    /// Asks, and waits for the answer.
    func ask(_ question: Question, of pool: PoolID) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            let waiter = Waiter(question: question, continuation: continuation)
            let isFirst = waiting.withLock { waiting in
                // An empty line is one that somebody is at work for.
                defer { waiting[pool, default: []].append(waiter) }
                return waiting[pool] == nil
            }
            if isFirst { Task { await self.serve(pool) } }
        }
    }

    private func serve(_ pool: PoolID) async {
        while let batch = next(of: pool) {
            do {
                for (waiter, answer) in zip(batch, try await answer(pool, batch.map(\.question))) {
                    waiter.continuation.resume(returning: answer)
                }
            } catch  where batch.count > 1 {
                // One of them may be the cause: each is asked alone, and fails by itself.
                for waiter in batch { await serve(waiter, of: pool) }
            } catch {
                for waiter in batch { waiter.continuation.resume(throwing: error) }
            }
        }
    }

    private func serve(_ waiter: Waiter, of pool: PoolID) async {
        do {
            let answers = try await answer(pool, [waiter.question])
            guard let answer = answers.first else {
                throw Problem(.internalError, "a question was left without an answer")
            }
            waiter.continuation.resume(returning: answer)
        } catch {
            waiter.continuation.resume(throwing: error)
        }
    }

    /// The next to be answered; nil when nobody waits, and then nobody is at work for the pool any more.
    private func next(of pool: PoolID) -> [Waiter]? {
        waiting.withLock { waiting in
            guard let line = waiting[pool], !line.isEmpty else {
                waiting[pool] = nil
                return nil
            }
            waiting[pool] = Array(line.dropFirst(limit))
            return Array(line.prefix(limit))
        }
    }
}
