/// What a look at a provider, or at a launch config with its provider's eyes, has found.
public struct ProviderFinding: Codable, Hashable, Sendable {
    /// How it stands.
    public enum Verdict: String, Codable, CaseIterable, Sendable {
        case good, warning, bad
        /// It could not be looked at, or there is nothing to look at.
        case skipped
    }

    /// What was looked at, in a few words; the same for every look of its kind.
    public var name: String
    /// How it stands.
    public var verdict: Verdict
    /// What was found, for a person.
    public var message: String
    /// What to do; nil where nothing has to be done.
    public var remedy: String?

    /// Makes a finding.
    public init(_ name: String, _ verdict: Verdict, _ message: String, remedy: String? = nil) {
        self.name = name
        self.verdict = verdict
        self.message = message
        self.remedy = remedy
    }
}
