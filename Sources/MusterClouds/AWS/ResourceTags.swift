import MusterCore

/// The tags of what Muster makes: whose it is, and what for.
enum ResourceTags {
    static let deployment = "muster-deployment"
    static let provider = "muster-provider"
    static let launch = "muster-launch"
    static let pool = "muster-pool"
    static let launchConfig = "muster-launch-config"
    /// When a launch template was last used, roughly.
    static let used = "muster-used"

    /// What tells a launch's instances and volumes; of a template that many launches use, all but the launch.
    static func tags(
        _ configuration: AWSConfiguration, _ order: LaunchOrder, ofLaunch: Bool
    ) -> [(key: String, value: String)] {
        let own = [
            (deployment, configuration.fleet), (provider, configuration.id.rawValue),
            (pool, order.poolID.rawValue), (launchConfig, order.launchConfigID.rawValue),
        ]
        return own + (ofLaunch ? [(launch, order.launchID.rawValue)] : [])
    }

    /// Tags of several origins: a later one of the same key counts. Sorted, so that equal ones are equal bytes.
    static func merged(_ tags: [(key: String, value: String)]...) -> [(key: String, value: String)] {
        var result: [String: String] = [:]
        for tag in tags.joined() { result[tag.key] = tag.value }
        return result.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// What is wrong with a tag that someone else than Muster gives; nil when nothing is.
    static func fault(_ key: String, _ value: String) -> String? {
        let quoted = JSONText.quoted(String(key.prefix(40)))
        if key.isEmpty || key.unicodeScalars.count > 128 { return "the key \(quoted) must be 1 to 128 long" }
        if value.unicodeScalars.count > 256 { return "the value of \(quoted) must be at most 256 long" }
        if key.lowercased().hasPrefix("aws:") { return "the key \(quoted) is one of AWS's own" }
        if key.hasPrefix("muster-") { return "the key \(quoted) is one of Muster's own" }
        return nil
    }
}
