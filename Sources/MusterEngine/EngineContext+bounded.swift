import MusterCore
import MusterRuntime

extension EngineContext {
    /// What a provider lists, or an error when it takes too long: no loop waits for a provider for ever.
    func bounded<Listing: Sendable>(
        _ list: @escaping @Sendable () async throws(CloudError) -> Listing
    ) async throws(CloudError) -> Listing {
        let result = await Deadline.run(within: policy.listingDeadline, clock: clock) {
            () async -> Result<Listing, CloudError> in
            do throws(CloudError) {
                return .success(try await list())
            } catch {
                return .failure(error)
            }
        } late: {
            .failure(CloudError(.network, cloudCode: "deadline", message: "the listing took too long"))
        }
        return try result.get()
    }
}
