import MusterCore

/// The tags by which machines and their parts are known.
enum AzureTags {
    static let deployment = "muster-deployment"
    static let launch = "muster-launch"
    static let pool = "muster-pool"
    static let launchConfig = "muster-launch-config"
    /// The machine that a part belongs to.
    static let worker = "muster-worker"
    static let name = "Name"

    /// How many there are.
    static let count = 6

    /// What Azure would refuse.
    static func fault(name: String, value: String) -> String? {
        let shown = JSONText.quoted(String(name.prefix(40)))
        if name.isEmpty || name.count > CloudPolicy.azureTagNameLength {
            return "the name \(shown) must be 1 to \(CloudPolicy.azureTagNameLength) characters long"
        }
        if name.contains(where: { "<>%&\\?/".contains($0) }) {
            return "the name \(shown) must have none of <>%&\\?/"
        }
        if value.count > CloudPolicy.azureTagValueLength {
            return "the value of \(shown) must be at most \(CloudPolicy.azureTagValueLength) characters long"
        }
        return nil
    }

    /// A person's tags and Muster's, of which the latter win; names do not differ by case.
    static func joined(_ own: [String: String], _ system: [String: String]) -> [String: String] {
        let taken = Set(system.keys.map { $0.lowercased() })
        return own.filter { !taken.contains($0.key.lowercased()) }.merging(system) { $1 }
    }

    /// The value of a tag, whatever the case of its name.
    static func value(_ name: String, in tags: [String: String]?) -> String? {
        guard let tags else { return nil }
        if let exact = tags[name] { return exact }
        return tags.first { $0.key.lowercased() == name.lowercased() }?.value
    }
}
