import MusterClouds
import MusterCore
import MusterRuntime
import MusterStore

/// Watches that each provider is pointed at where its instances are.
///
/// The listing of another account, project or resource group is complete and shows none of them: it would have them
/// all replaced, and leave them running where nobody looks. So the place is kept in the store, and a provider that was
/// pointed elsewhere is used no more, as if it were not enabled, until it is pointed back or nothing of it is left.
final class ProviderPlaces: Sendable {
    /// What is known of where a provider points.
    private enum Standing: Equatable {
        case known(String?)
        case moved(ProviderMove)
    }

    private let providers: [ProviderID: any CloudProvider]
    private let store: any ReadableStore
    private let steps: DurableSteps
    private let clock: any WallClock
    private let policy: EnginePolicy
    private let standings = Locked<[ProviderID: Standing]>([:])

    init(
        _ providers: [ProviderID: any CloudProvider], _ store: any ReadableStore, _ steps: DurableSteps,
        _ clock: any WallClock, _ policy: EnginePolicy
    ) {
        self.providers = providers
        self.store = store
        self.steps = steps
        self.clock = clock
        self.policy = policy
    }

    /// How a provider was pointed elsewhere, as far as this process has seen; nil when it was not.
    func move(of id: ProviderID) -> ProviderMove? {
        guard case .moved(let move) = standings.withLock({ $0[id] }) else { return nil }
        return move
    }

    /// A provider to use, once it is known where it points. The answer of earlier is enough: listings ask anew.
    ///
    /// - Throws: `Problem` `provider-unknown`; `ProviderMove`; `CloudError` when it cannot be known yet.
    func provider(_ id: ProviderID) async throws -> any CloudProvider {
        guard let provider = providers[id] else {
            throw Problem(.providerUnknown, "the provider \(id) is not enabled in muster.yaml")
        }
        guard case .known = standings.withLock({ $0[id] }) else {
            try await confirm(provider)
            return provider
        }
        return provider
    }

    /// Asks a provider where it points, and holds that to where its instances are.
    ///
    /// - Throws: `ProviderMove`; `CloudError` when it cannot be known, and then nothing may be concluded.
    func confirm(_ provider: any CloudProvider) async throws {
        let id = provider.id
        let found = try await Deadline.answer(within: policy.placeDeadline, clock: clock) {
            () throws(CloudError) in try await provider.place()
        }
        let move = try await keep(found, of: id)
        standings.withLock { $0[id] = move.map(Standing.moved) ?? .known(found) }
        if let move { throw move }
    }

    /// Nothing is left of a provider, and it may point wherever it does.
    func forget(_ id: ProviderID) { standings.withLock { $0[id] = nil } }

    private func keep(_ found: String?, of id: ProviderID) async throws -> ProviderMove? {
        guard let found, standings.withLock({ $0[id] }) != .known(found) else { return nil }
        let name = SettingName.place(of: id)
        guard try await store.read({ try await $0.setting(name) }) != found else { return nil }
        return try await steps.write(in: .named(name), reaching: { $0 == nil ? .placeKept : nil }) {
            transaction in
            let kept = try await transaction.setting(name)
            if let kept, kept != found, try await transaction.hasAnything(at: id) {
                return ProviderMove(provider: id, from: kept, to: found)
            }
            try await transaction.set(name, to: found)
            return nil
        }
    }
}

/// A provider was pointed elsewhere while there is something of it where it pointed before.
struct ProviderMove: Error, Hashable, CustomStringConvertible {
    let provider: ProviderID
    let from: String
    let to: String

    var description: String {
        "the provider \(provider) points to \(to), and its instances are in \(from): it is not used before it points "
            + "there again, or none is left"
    }
}
