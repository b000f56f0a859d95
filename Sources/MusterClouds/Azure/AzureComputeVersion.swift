/// The versions of the compute API, which are dates: all of one form, so that they compare as texts do.
public enum AzureComputeVersion {
    /// The first from which on interfaces and addresses that come with a machine get tags.
    public static let taggingParts = "2025-04-01"

    /// The oldest whose documentation says that machines are made with `If-None-Match`: without it a repeat would
    /// change what is there, or make again what was removed.
    public static let oldest = "2024-03-01"

    /// Whether a text is a version that can be used, such as "2025-04-01" or "2025-04-01-preview".
    public static func isOne(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4 && parts[3] == "preview" else { return false }
        let isDate = zip(parts, [4, 2, 2]).allSatisfy { part, length in
            part.utf8.count == length && part.utf8.allSatisfy { (48...57).contains($0) }
        }
        return isDate && text >= oldest
    }

    /// Whether a version gives tags to interfaces and addresses.
    static func tagsParts(_ text: String) -> Bool { text >= taggingParts }
}
