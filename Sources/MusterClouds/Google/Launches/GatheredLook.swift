import MusterCore
import MusterRuntime

/// Answers many questions of one moment by one look.
///
/// The first who asks waits a little for others; all who ask meanwhile get their answers of the same look. One that
/// nobody waits for any more is cancelled.
final class GatheredLook<Question: Sendable, Answer: Sendable>: Sendable {
    typealias Look = @Sendable ([Question]) async -> Result<[Answer], CloudError>

    private struct Gathering {
        let number: Int
        let task: Task<Result<[Answer], CloudError>, Never>
        var questions: [Question] = []
        var asking = 0
    }

    private struct State {
        var last = 0
        /// The one that still takes questions.
        var open: Int?
        /// Those that somebody waits for, by number.
        var gatherings: [Int: Gathering] = [:]

        mutating func close(_ number: Int) {
            if open == number { open = nil }
        }
    }

    private let clock: any WallClock
    private let time: Duration
    private let look: Look
    private let state = Locked(State())

    /// - Parameter look: gives an answer for each question, in their order.
    init(clock: any WallClock, time: Duration, look: @escaping Look) {
        self.clock = clock
        self.time = time
        self.look = look
    }

    /// The answer to a question.
    func answer(to question: Question) async throws(CloudError) -> Answer {
        let (gathering, place) = join(question)
        let answers = await withTaskCancellationHandler {
            await gathering.task.value
        } onCancel: {
            leave(gathering.number)
        }
        let all = try answers.get()
        guard place < all.count else {
            throw CloudError(.unknown, cloudCode: "no-answer", message: "a look gave too few answers")
        }
        return all[place]
    }

    private func join(_ question: Question) -> (Gathering, place: Int) {
        state.withLock { state in
            var gathering: Gathering
            if let open = state.open, let found = state.gatherings[open] {
                gathering = found
            } else {
                state.last += 1
                let number = state.last
                gathering = Gathering(number: number, task: Task { await self.run(number) })
                state.open = number
            }
            gathering.questions.append(question)
            gathering.asking += 1
            state.gatherings[gathering.number] = gathering
            return (gathering, gathering.questions.count - 1)
        }
    }

    private func leave(_ number: Int) {
        let abandoned = state.withLock { state -> Gathering? in
            state.gatherings[number]?.asking -= 1
            guard let gathering = state.gatherings[number], gathering.asking == 0 else { return nil }
            state.close(number)
            state.gatherings[number] = nil
            return gathering
        }
        abandoned?.task.cancel()
    }

    private func run(_ number: Int) async -> Result<[Answer], CloudError> {
        try? await clock.sleep(for: time)
        let questions = state.withLock { state in
            state.close(number)
            return state.gatherings[number]?.questions
        }
        defer { state.withLock { $0.gatherings[number] = nil } }
        guard let questions else {
            return .failure(
                CloudError(.network, cloudCode: "cancelled", message: "nobody waits for the look any more"))
        }
        return await look(questions)
    }
}
