import MusterCore
import MusterHTTP
import MusterRuntime

/// Disks, interfaces and addresses that machines have left behind.
///
/// They go with their machine, since all of them have `deleteOption` Delete; what stays is what Azure could not
/// remove, or what a machine that was never made had got already. Only what has this fleet's tag is touched.
final class AzureParts: Sendable {
    private struct State {
        var sweptAt: Duration?
        /// Parts without a machine, with the moment at which they were first seen so.
        var orphans: [String: Duration] = [:]
        var sweep: Task<Void, Never>?
    }

    private let api: AzureAPI
    private let log: Log
    private let state = Locked(State())
    private let look: SharedReading<[TaggedPart]>

    init(_ api: AzureAPI, log: Log) {
        self.api = api
        self.log = log
        look = SharedReading(clock: api.clock, age: CloudPolicy.azureListAge) { () async throws(CloudError) in
            try await Self.tagged(api)
        }
    }

    /// Removes what is left of a machine that is gone.
    ///
    /// - Returns: whether nothing was left.
    func remove(of name: WorkerID, dataDisks: Int, in location: String) async throws(CloudError) -> Bool {
        let left = try await look.recent().filter { $0.worker?.lowercased() == name.rawValue.lowercased() }
        for part in left.sorted(by: { $0.kind.rank < $1.kind.rank }) { try await delete(part) }
        guard left.isEmpty else { return false }
        // Disks have their tags from the machine; one that got none is known by its name, which no other has.
        let disks = [AzureMachine.systemDisk(name)] + (0..<dataDisks).map { AzureMachine.dataDisk(name, $0) }
        for disk in disks {
            let id = "\(api.paths.groupPath)/providers/Microsoft.Compute/disks/\(disk)"
            try await delete(TaggedPart(id: id, kind: .disk))
        }
        return true
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
                await self.sweep(machines: machines, at: now)
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

    private func sweep(machines: Set<String>, at now: Duration) async {
        do throws(CloudError) {
            let orphans = try await look.fresh().filter { part in
                // One that is attached to anything, or does not say whose it is, is left alone.
                guard part.managedBy == nil, let worker = part.worker else { return false }
                return !machines.contains(worker.lowercased())
            }
            for part in due(orphans, at: now).sorted(by: { $0.kind.rank < $1.kind.rank })
            where !Task.isCancelled {
                await removeAlone(part)
            }
        } catch {
            log.warning("what machines left behind cannot be looked for", ["error": error.description])
        }
    }

    /// Those that have been alone for long enough.
    private func due(_ orphans: [TaggedPart], at now: Duration) -> [TaggedPart] {
        state.withLock { state in
            let ids = Set(orphans.map(\.id))
            state.orphans = state.orphans.filter { ids.contains($0.key) }
            return orphans.filter { part in
                let since = state.orphans[part.id] ?? now
                state.orphans[part.id] = since
                return now - since >= CloudPolicy.azureLeftoverGrace
            }
        }
    }

    private func removeAlone(_ part: TaggedPart) async {
        do throws(CloudError) {
            try await delete(part)
            log.info("removed what a machine left behind", ["resource": part.id])
        } catch {
            log.warning(
                "cannot remove what a machine left behind", ["resource": part.id, "error": error.description])
        }
    }

    private func delete(_ part: TaggedPart) async throws(CloudError) {
        try await api.delete(
            AzureRequest(
                kind: .parts, method: .delete, url: api.paths.resource(part.id, version: part.kind.version)))
    }

    /// All parts with this fleet's tag.
    private static func tagged(_ api: AzureAPI) async throws(CloudError) -> [TaggedPart] {
        try await api.pages(
            ListedResource.self, AzureRequest(kind: .read, method: .get, url: api.paths.tagged)
        ).compactMap { resource in
            // The filter is Azure's; whether it held is looked at again before anything is removed.
            guard AzureTags.value(AzureTags.deployment, in: resource.tags) == api.configuration.fleet,
                resource.id.lowercased().hasPrefix(api.paths.groupPath.lowercased() + "/")
            else { return nil }
            return TaggedPart(resource)
        }
    }
}

/// A resource as the list of all kinds shows it.
struct ListedResource: Decodable, Hashable, Sendable {
    var id: String
    var type: String
    var tags: [String: String]?
    var managedBy: String?
}

/// A part of a machine.
struct TaggedPart: Hashable, Sendable {
    /// What it is.
    enum Kind: String, Hashable, Sendable {
        case interface = "microsoft.network/networkinterfaces"
        case disk = "microsoft.compute/disks"
        case address = "microsoft.network/publicipaddresses"

        /// An address cannot go before the interface that has it.
        var rank: Int { self == .address ? 1 : 0 }

        var version: String { self == .disk ? AzurePaths.disks : AzurePaths.network }
    }

    var id: String
    var kind: Kind
    /// The machine it was made for.
    var worker: String?
    /// What it is attached to, as far as it says so.
    var managedBy: String?

    init(id: String, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// Nil for what is no part, such as a machine.
    init?(_ resource: ListedResource) {
        guard let kind = Kind(rawValue: resource.type.lowercased()),
            AzureContent.isResource(resource.id, type: String(kind.rawValue.split(separator: "/")[1]))
        else { return nil }
        self.init(id: resource.id, kind: kind)
        worker = AzureTags.value(AzureTags.worker, in: resource.tags)
        managedBy = resource.managedBy.flatMap { $0.isEmpty ? nil : $0 }
    }
}
