import MusterCore
import MusterRuntime

/// Answers many questions of one moment by one look.
///
/// The first who asks waits a little for others; all who ask meanwhile get their answers of the same look.
final class GatheredLook<Question: Sendable, Answer: Sendable>: Sendable {
    typealias Look = @Sendable ([Question]) async -> Result<[Answer], CloudError>

    private struct Gathering {
        var questions: [Question] = []
        let task: Task<Result<[Answer], CloudError>, Never>
    }

    private let clock: any WallClock
    private let time: Duration
    private let look: Look
    private let gathering = Locked<Gathering?>(nil)

    /// - Parameter look: gives an answer for each question, in their order.
    init(clock: any WallClock, time: Duration, look: @escaping Look) {
        self.clock = clock
        self.time = time
        self.look = look
    }

    /// The answer to a question.
    func answer(to question: Question) async throws(CloudError) -> Answer {
        let (index, task) = gathering.withLock {
            gathering -> (Int, Task<Result<[Answer], CloudError>, Never>) in
            var current = gathering ?? Gathering(task: Task { await self.run() })
            current.questions.append(question)
            gathering = current
            return (current.questions.count - 1, current.task)
        }
        let answers = try await task.value.get()
        guard index < answers.count else {
            throw CloudError(.unknown, cloudCode: "no-answer", message: "a look gave too few answers")
        }
        return answers[index]
    }

    private func run() async -> Result<[Answer], CloudError> {
        try? await clock.sleep(for: time)
        let questions = gathering.withLock { gathering in
            defer { gathering = nil }
            return gathering?.questions ?? []
        }
        return await look(questions)
    }
}
