import MusterCore

/// When templates were last needed: what this process knows, and has written down for others. Pure; moments are an
/// uptime.
struct TemplateUse: Sendable {
    /// When this process has used a template, by its region and name.
    private(set) var usedAt: [String: Duration] = [:]
    /// The use that stands at the template itself, as far as this process knows.
    private var notedAt: [String: Duration] = [:]

    static func key(_ name: String, in region: String) -> String { "\(region)/\(name)" }

    /// Notes that a template is used; one that was only just made has its moment from EC2.
    mutating func use(_ key: String, isNew: Bool, at now: Duration) {
        usedAt[key] = now
        if isNew { notedAt[key] = now }
    }

    /// Notes that the last use stands at the template.
    mutating func note(_ key: String) { notedAt[key] = usedAt[key] }

    /// Forgets one that is gone.
    mutating func forget(_ key: String) {
        usedAt[key] = nil
        notedAt[key] = nil
    }

    /// Whether what stands at the template is out of date.
    func mustBeNoted(_ key: String) -> Bool {
        guard let used = usedAt[key] else { return false }
        return notedAt[key].map { used - $0 >= CloudPolicy.awsTemplateNote } ?? true
    }

    /// Whether that is so for any template of a region.
    func mustNoteAny(in region: String) -> Bool {
        usedAt.keys.contains { $0.hasPrefix("\(region)/") && mustBeNoted($0) }
    }
}
