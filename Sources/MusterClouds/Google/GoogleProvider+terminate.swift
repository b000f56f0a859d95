public import MusterCore
import MusterHTTP
import MusterRuntime

extension GoogleProvider {
    /// One call for each: Google has no other. They go out side by side, at the pace of the quota, and those of a
    /// zone that does not answer keep none of another one waiting.
    public func terminate(_ instanceIDs: [String]) async -> [String: CloudError] {
        var errors: [String: CloudError] = [:]
        var zones: [String: [GoogleInstancePath]] = [:]
        for id in instanceIDs {
            guard let path = GoogleInstancePath(id) else {
                errors[id] = CloudError(
                    .unknown, cloudCode: "not-an-instance", message: "it is no id of an instance")
                continue
            }
            zones[path.zone, default: []].append(path)
        }
        let round = CallRound(clock: clock)
        return await withTaskGroup(of: [String: CloudError].self) { group in
            for paths in zones.values { group.addTask { await self.delete(ofOneZone: paths, within: round) } }
            return await group.reduce(into: errors) { $0.merge($1) { first, _ in first } }
        }
    }

    private func delete(
        ofOneZone paths: [GoogleInstancePath], within round: CallRound
    ) async -> [String: CloudError] {
        let unanswered = Locked(0)
        let answers = await Concurrently.map(paths, atOnce: GooglePolicy.callsAtOnce) { path in
            (path, await self.delete(path, within: round, unanswered))
        }
        var errors: [String: CloudError] = [:]
        for (path, error) in answers { errors[path.id] = error }
        return errors
    }

    /// - Parameter unanswered: how many of the zone's deletions in a row came to no answer.
    private func delete(
        _ path: GoogleInstancePath, within round: CallRound, _ unanswered: Locked<Int>
    ) async -> CloudError? {
        guard unanswered.withLock({ $0 < GooglePolicy.deletionsUnanswered }) else {
            return CloudError(
                .transient, cloudCode: "zone-silent",
                message: "the deletion was not sent: \(path.zone) has not answered those before it")
        }
        var call = GoogleCall(
            method: .delete, address: api.compute(path.address), kind: .delete,
            region: GoogleAddress.region(ofZone: path.zone))
        do {
            call.deadline = min(try round.time(), GooglePolicy.deletionTime)
            _ = try await api.value(call, as: Accepted.self)
            unanswered.withLock { $0 = 0 }
            return nil
        } catch {
            unanswered.withLock { $0 = error.isSilence ? $0 + 1 : 0 }
            return error.means(.notFound)
                ? nil : error.error(GoogleErrorPlace(zone: path.zone, window: api.window))
        }
    }

    private struct Accepted: Decodable, Sendable {
        var name: String
    }
}
