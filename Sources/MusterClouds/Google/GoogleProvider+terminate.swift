public import MusterCore
import MusterHTTP

extension GoogleProvider {
    /// One call for each: Google has no other. They go out side by side, at the pace of the quota.
    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        let round = CallRound(clock: clock)
        let answers = await Concurrently.map(instanceIDs, atOnce: GooglePolicy.callsAtOnce) { id in
            (id, await self.delete(id, within: round))
        }
        var errors: [String: CloudError] = [:]
        for (id, error) in answers { errors[id] = error }
        return errors
    }

    private func delete(_ id: String, within round: CallRound) async -> CloudError? {
        guard let path = GoogleInstancePath(id) else {
            return CloudError(.unknown, cloudCode: "not-an-instance", message: "it is no id of an instance")
        }
        var call = GoogleCall(
            method: .delete, address: api.compute(path.address), kind: .delete,
            region: GoogleAddress.region(ofZone: path.zone))
        do {
            call.deadline = try round.time()
            _ = try await api.value(call, as: Accepted.self)
            return nil
        } catch {
            return error.means(.notFound)
                ? nil : error.error(GoogleErrorPlace(zone: path.zone, window: api.window))
        }
    }

    private struct Accepted: Decodable, Sendable {
        var name: String
    }
}
