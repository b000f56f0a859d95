import MusterCore
import MusterRuntime

extension AzureMachineLook {
    /// What is known of why there is no machine, where parts of one may be.
    enum Cause {
        /// It was refused at once.
        case refusal
        /// It was begun, and failed.
        case failure
        /// Nobody has said anything.
        case silence
    }

    /// Removes what is left of a machine that is not there.
    ///
    /// - Returns: whether nothing is left.
    func clear(after cause: Cause) async -> Bool {
        if memorised.isClear { return true }
        let isClear = await remove(after: cause)
        if isClear { finder.memory.change(name, of: call.launch) { $0.isClear = true } }
        return isClear
    }

    private var memorised: AzureMemory.Entry { finder.memory.entry(name, of: call.launch) }

    private func remove(after cause: Cause) async -> Bool {
        let parts = finder.parts
        let listed = try? await parts.listed(of: name)
        switch cause {
        // Where the list cannot be had, the sweep finds what there may be: a refusal is worth telling now.
        case .refusal: return await parts.remove(listed ?? [], within: round)
        // Its parts are surely about, or were: also those that the list does not have yet.
        case .failure:
            let named = MachinePart.all(
                of: name, dataDisks: call.dataDisks, in: finder.api.paths.groupPath)
            let known = Set(named.map { $0.id.lowercased() })
            let others = (listed ?? []).filter { !known.contains($0.id.lowercased()) }
            return await parts.remove(named + others, within: round)
        // Another process may have sent the call again a moment ago, and its machine take them yet.
        case .silence:
            guard let listed else { return false }
            let alone = parts.alone(listed, for: CloudPolicy.azureLookUpDelay)
            return await parts.remove(alone, within: round) && alone.count == listed.count
        }
    }

    /// The end of one that there is a reason for: told as final once nothing is left of it, or that has been waited
    /// for long enough.
    func settled(_ error: CloudError, isClear: Bool) -> Finding {
        isClear || hasWaitedLongEnough() ? .refused(error) : .failing(error)
    }

    func hasWaitedLongEnough() -> Bool {
        let now = finder.api.clock.uptime()
        var since = now
        finder.memory.change(name, of: call.launch) { entry in
            since = entry.clearingSince ?? now
            entry.clearingSince = since
        }
        return now - since >= CloudPolicy.azureSettlingTime
    }
}
