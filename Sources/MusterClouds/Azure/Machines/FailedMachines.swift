import MusterCore
import MusterHTTP
import MusterRuntime

/// What machines do that the resource manager calls failed.
///
/// That word is no proof of anything: a machine whose extension, whose change or whose report of its boot has failed
/// runs, and works. Only its instance view tells, which is read once where Resource Graph has not told already.
final class FailedMachines: Sendable {
    /// What one of them does.
    enum Condition: Hashable, Sendable {
        case running
        /// It was halted: its power state.
        case halted(String)
        /// It has never run, or its host has nothing of it any more; why, as far as Azure says so.
        case absent(AzureErrorBody?)
        case unknown
    }

    private struct Known {
        var condition: Condition
        /// Whether its view had no power state.
        var isPowerless: Bool
        var askedAt: Duration
    }

    private let api: AzureAPI
    private let known = Locked<[String: Known]>([:])

    init(_ api: AzureAPI) { self.api = api }

    /// What those of a list do, by their names in small letters; those that do not fail are left out.
    ///
    /// - Parameter powers: what Resource Graph says.
    func conditions(
        of machines: [ListedMachine], powers: [String: String]
    ) async -> [String: Condition] {
        let failed = machines.filter { $0.provisioning == .failed }
        let names = Set(failed.map { $0.name.lowercased() })
        known.withLock { $0 = $0.filter { names.contains($0.key) } }
        guard !failed.isEmpty else { return [:] }
        let round = AzureRound(api.clock)
        let found = await Concurrently.map(failed, atOnce: CloudPolicy.azureCallsAtOnce) { machine in
            let name = machine.name.lowercased()
            return (name, await self.condition(of: machine, power: powers[name], within: round))
        }
        return Dictionary(found) { $1 }
    }

    /// What one does.
    ///
    /// - Parameter power: what Resource Graph says; nothing starts a halted machine again, so that it may be late.
    func condition(
        of machine: ListedMachine, power: String? = nil, within round: AzureRound
    ) async -> Condition {
        switch power {
        case "running": return .running
        case let power? where AzurePower.isHalted(power): return .halted(power)
        default: break
        }
        let key = machine.name.lowercased()
        let now = api.clock.uptime()
        let last = known.withLock { $0[key] }
        if let last, last.condition != .unknown || now - last.askedAt < CloudPolicy.azurePowerInterval {
            return last.condition
        }
        guard let view = try? await view(machine, within: round) else { return .unknown }
        let condition = Self.condition(view, wasPowerless: last?.isPowerless ?? false)
        // A view that tells nothing final is read again, after a while.
        known.withLock { $0[key] = Known(condition: condition, isPowerless: view.power == nil, askedAt: now) }
        return condition
    }

    /// What a view says. Power states are missing now and then although the machine runs, so that it takes two looks
    /// to believe that it does not, unless there was no room for it.
    private static func condition(_ view: InstanceView, wasPowerless: Bool) -> Condition {
        switch view.power {
        case "running"?: return .running
        case let power? where AzurePower.isHalted(power): return .halted(power)
        case .some: return .unknown
        case nil:
            let isSure = wasPowerless || view.failure.map { AzureErrorTable.isNoRoom($0.code) } ?? false
            return isSure ? .absent(view.failure) : .unknown
        }
    }

    private func view(
        _ machine: ListedMachine, within round: AzureRound
    ) async throws(CloudError) -> InstanceView {
        var request = AzureRequest(
            kind: .get, method: .get, url: api.paths.machine(machine.name, suffix: "/instanceView"),
            location: machine.location)
        request.deadline = try round.time()
        return try api.read(InstanceView.self, try await api.success(request))
    }
}
