public import MusterCore
public import MusterCrypto
public import MusterRuntime

/// The keys of an issuer of tokens, fetched when they are needed and kept while the issuer says so.
///
/// One fetch serves all who wait for it, and nobody's cancellation ends it. A token that names an unknown key
/// makes them be fetched anew, though seldom, since anybody can make up a name. A fetch that fails leaves what is
/// still valid as it is.
public actor PublishedKeys {
    /// Keys as they were fetched.
    public struct Answer: Sendable {
        /// The keys.
        public var keys: JSONWebKeySet
        /// How long they may be kept; nil where the issuer does not say.
        public var lifetime: Duration?

        /// Makes an answer.
        public init(keys: JSONWebKeySet, lifetime: Duration?) {
            self.keys = keys
            self.lifetime = lifetime
        }
    }

    private let clock: any WallClock
    private let fetch: @Sendable () async throws(Problem) -> Answer
    private var kept: (keys: JSONWebKeySet, fetched: Duration, until: Duration)?
    private var failed: (problem: Problem, at: Duration)?
    private var fetching: Task<Void, Never>?

    /// `fetch` gets the keys, within a bounded time.
    public init(clock: any WallClock, fetch: @escaping @Sendable () async throws(Problem) -> Answer) {
        self.clock = clock
        self.fetch = fetch
    }

    /// The keys, with that of this name among them where the issuer has it. Throws `.unavailable` when there are
    /// none and none can be had.
    public func set(with keyID: String) async throws(Problem) -> JSONWebKeySet {
        if let valid, valid.key(keyID) != nil || !mayAskAgain { return valid }
        await refresh()
        if let valid { return valid }
        throw Problem(
            .unavailable,
            "the keys that identity tokens are signed with cannot be had: \(failed?.problem.message ?? "none were given")"
        )
    }

    private var valid: JSONWebKeySet? {
        guard let kept, clock.uptime() < kept.until else { return nil }
        return kept.keys
    }

    /// Whether an unknown name is worth a fetch: neither was one made just now nor has one failed.
    private var mayAskAgain: Bool {
        guard let kept else { return true }
        let last = max(kept.fetched, failed?.at ?? .zero)
        return clock.uptime() >= last + CloudPolicy.unknownKeyInterval
    }

    private func refresh() async {
        if fetching == nil {
            if let failed, clock.uptime() < failed.at + CloudPolicy.failedKeysInterval { return }
            fetching = Task {
                await fetchOnce()
                fetching = nil
            }
        }
        await fetching?.value
    }

    private func fetchOnce() async {
        do throws(Problem) {
            let answer = try await fetch()
            let bounds = CloudPolicy.keysLifetime
            let lifetime = min(
                max(answer.lifetime ?? bounds.lowerBound, bounds.lowerBound), bounds.upperBound)
            let now = clock.uptime()
            kept = (answer.keys, now, now + lifetime)
            failed = nil
        } catch {
            failed = (error, clock.uptime())
        }
    }
}
