import MusterCore
import MusterHTTP
import MusterRuntime

/// Disks, interfaces and addresses that machines have left behind.
///
/// They go with their machine, since all of them have `deleteOption` Delete; what stays is what Azure could not
/// remove, or what a machine that was never made had got already. What has another fleet's tag is never touched.
final class AzureParts: Sendable {
    /// The parts of the resource group, by the machines they were made for.
    typealias Look = [String: [MachinePart]]

    private struct State {
        var sweptAt: Duration?
        var sweep: Task<Void, Never>?
        /// Parts without a machine, with the moment at which they were first seen so.
        var alone: [String: Duration] = [:]
        /// When the removal of a part was asked for.
        var askedAt: [String: Duration] = [:]
        /// Parts whose removal was refused, which was told.
        var refused: Set<String> = []
    }

    let api: AzureAPI
    let log: Log
    private let state = Locked(State())
    private let look: SharedReading<Look>

    init(_ api: AzureAPI, log: Log) {
        self.api = api
        self.log = log
        look = SharedReading(clock: api.clock, age: CloudPolicy.azureListAge) { () async throws(CloudError) in
            try await Self.read(api)
        }
    }

    /// What the resource group has of one machine.
    func listed(of machine: WorkerID) async throws(CloudError) -> [MachinePart] {
        try await look.recent()[machine.rawValue.lowercased()] ?? []
    }

    /// Those of parts without a machine that have been so for a while.
    func alone(_ parts: [MachinePart], for time: Duration) -> [MachinePart] {
        let now = api.clock.uptime()
        return state.withLock { state in
            parts.filter { part in
                let since = state.alone[part.id] ?? now
                state.alone[part.id] = since
                return now - since >= time
            }
        }
    }

    /// Asks for parts to be removed, an interface before its address; not again before a while has passed, since one
    /// that is refused is refused for minutes.
    ///
    /// - Returns: whether Azure says of all of them that they are gone.
    func remove(_ parts: [MachinePart], within round: AzureRound) async -> Bool {
        var areGone = true
        for part in parts.sorted(by: { $0.kind.rank < $1.kind.rank }) where !Task.isCancelled {
            areGone = await remove(part, within: round) && areGone
        }
        return areGone && !Task.isCancelled
    }

    private func remove(_ part: MachinePart, within round: AzureRound) async -> Bool {
        let key = part.id.lowercased()
        let now = api.clock.uptime()
        let mayAsk = state.withLock { state in
            if let asked = state.askedAt[key], now - asked < CloudPolicy.azurePartInterval { return false }
            state.askedAt[key] = now
            return true
        }
        guard mayAsk else { return false }
        do throws(CloudError) {
            var request = AzureRequest(
                kind: .parts, method: .delete, url: api.paths.resource(part.id, version: part.kind.version))
            request.deadline = try round.time()
            if try await api.delete(request) {
                log.info("removes what a machine left behind", ["resource": part.id])
                return false
            }
            state.withLock { ($0.askedAt[key], $0.alone[part.id]) = (nil, nil) }
            return true
        } catch {
            if state.withLock({ $0.refused.insert(key).inserted }) {
                log.warning(
                    "cannot remove what a machine left behind",
                    ["resource": part.id, "error": error.description])
            }
            return false
        }
    }

    /// Begins to remove what has had no machine for a while, beside everything else; not before its time.
    ///
    /// - Parameter machines: the names of all machines of the resource group, in small letters, as they are now.
    func sweep(machines: Set<String>) {
        let now = api.clock.uptime()
        state.withLock { state in
            if let swept = state.sweptAt, now - swept < CloudPolicy.azureSweepInterval { return }
            state.sweptAt = now
            let before = state.sweep
            state.sweep = Task {
                await before?.value
                await self.sweepNow(machines)
            }
        }
    }

    /// Waits for the sweep that is being made.
    func swept() async { await state.withLock { $0.sweep }?.value }

    /// Ends the sweep that is being made.
    func stop() async {
        let sweep = state.withLock { $0.sweep }
        sweep?.cancel()
        await sweep?.value
    }

    private func sweepNow(_ machines: Set<String>) async {
        do throws(CloudError) {
            // One that is attached to anything, or has no tag, is left alone.
            let orphans = try await look.fresh().filter { !machines.contains($0.key) }.values.joined()
                .filter { $0.isTagged && !$0.isAttached }
            forget(allBut: orphans)
            let due = alone(orphans, for: CloudPolicy.azureLeftoverGrace).sorted {
                ($0.kind.rank, $0.id) < ($1.kind.rank, $1.id)
            }
            for part in due where !Task.isCancelled {
                _ = await remove([part], within: AzureRound(api.clock))
            }
        } catch {
            log.warning("what machines left behind cannot be looked for", ["error": error.description])
        }
    }

    private func forget(allBut orphans: [MachinePart]) {
        let ids = Set(orphans.map(\.id))
        let keys = Set(ids.map { $0.lowercased() })
        state.withLock { state in
            state.alone = state.alone.filter { ids.contains($0.key) }
            state.askedAt = state.askedAt.filter { keys.contains($0.key) }
            state.refused.formIntersection(keys)
        }
    }

    private static func read(_ api: AzureAPI) async throws(CloudError) -> Look {
        let listed = try await api.pages(
            ListedResource.self, AzureRequest(kind: .read, method: .get, url: api.paths.everything))
        let (fleet, group) = (api.configuration.fleet, api.paths.groupPath)
        return Dictionary(
            grouping: listed.compactMap { MachinePart($0, of: fleet, in: group) }, by: \.machine)
    }
}
