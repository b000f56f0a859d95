import MusterCore
import MusterRuntime

extension EngineContext {
    /// What a provider answers, or an error when it takes too long: no loop waits for a provider for ever. One that
    /// gives page after page is not late.
    func bounded<Answer: Sendable>(
        _ ask: @escaping @Sendable () async throws(CloudError) -> Answer
    ) async throws(CloudError) -> Answer {
        try await Deadline.answer(within: policy.listingDeadline, clock: clock, isPatient: true, ask)
    }
}

extension Deadline {
    /// What a provider answers.
    ///
    /// - Throws: its error, or one of the network after `bound`.
    static func answer<Answer: Sendable>(
        within bound: Duration, clock: any WallClock, isPatient: Bool = false,
        _ ask: @escaping @Sendable () async throws(CloudError) -> Answer
    ) async throws(CloudError) -> Answer {
        let result = await run(within: bound, clock: clock, isPatient: isPatient) {
            () async -> Result<Answer, CloudError> in
            do throws(CloudError) {
                return .success(try await ask())
            } catch {
                return .failure(error)
            }
        } late: {
            .failure(CloudError(.network, cloudCode: "deadline", message: "the answer took too long"))
        }
        return try result.get()
    }
}
