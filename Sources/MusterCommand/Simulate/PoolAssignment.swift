import MusterCore
import MusterRuntime
import MusterSimulator

/// A setting of the simulated pool as `--set` takes it: `KEY=VALUE`, or `POLICY.KEY=VALUE` for one policy alone.
struct PoolAssignment {
    /// The policy that it is for; nil for all.
    let policy: String?
    private let member: Document.Member

    /// - Throws: `Problem` `usage` when it is no assignment.
    init(_ text: String, policies: [String]) throws(Problem) {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
            throw Problem(.usage, "--set must be KEY=VALUE, not \(JSONText.quoted(String(text.prefix(80))))")
        }
        let name = text[..<sign]
        let value = text[text.index(after: sign)...]
        let dot = name.firstIndex(of: ".")
        let prefix = dot.map { String(name[..<$0]) }
        if let prefix, !policies.contains(prefix) {
            throw Problem(
                .usage,
                "--set \(name.prefix(80)): the policy \(prefix.prefix(80)) is not among those compared, "
                    + policies.joined(separator: ", "))
        }
        policy = prefix
        // What is no number or boolean is text.
        let document = (try? JSON.document(Array(value.utf8))).map { Document($0.value) }
        let key = dot.map { name[name.index(after: $0)...] } ?? name
        member = Document.Member(String(key), document ?? .string(String(value)))
    }

    /// Takes the assignments over that concern a policy, the later ones winning.
    ///
    /// - Throws: `Problems` that name the keys.
    static func apply(
        _ assignments: [PoolAssignment], of policy: String, to settings: inout SimulatedPoolSettings
    ) throws(Problems) {
        var members: [Document.Member] = []
        for assignment in assignments where assignment.policy == nil || assignment.policy == policy {
            members.removeAll { $0.name == assignment.member.name }
            members.append(assignment.member)
        }
        let reader = DocumentReader(Document(.object(members)), path: "--set")
        settings.take(reader)
        try reader.finish()
    }
}
