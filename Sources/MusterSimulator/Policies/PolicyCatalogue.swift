public import MusterCore

/// The policies that can be compared, by name.
public enum PolicyCatalogue {
    /// A policy that can be chosen.
    public struct Entry: Sendable {
        /// The name by which it is chosen, which is also its name in results.
        public let name: String
        /// Half a sentence on what it is.
        public let summary: String
        /// Makes one that knows nothing yet.
        public let make: @Sendable (SimulatedPoolSettings) -> any SimulatedPolicy
    }

    /// All of them, the usual one first.
    public static let all = [
        Entry(name: "muster", summary: "what Muster decides", make: { MusterPolicy($0) }),
        Entry(
            name: "plain", summary: "the plain formula, simple weights and a fixed idle time",
            make: { PlainPolicy($0) }),
        Entry(
            name: "worker-manager",
            summary: "Taskcluster's worker-manager and a fixed idle time, faults and all",
            make: { WorkerManagerPolicy($0) }),
        Entry(
            name: "worker-manager-advised",
            summary: "the same, whose workers end when it advises them to and have no idle time",
            make: { WorkerManagerPolicy($0, followsAdvice: true) }),
    ]

    /// The one of that name.
    ///
    /// - Throws: `Problem` `usage` that names those there are.
    public static func entry(_ name: String) throws(Problem) -> Entry {
        if let entry = all.first(where: { $0.name == name }) { return entry }
        throw Problem(
            .usage,
            "there is no policy \(JSONText.quoted(String(name.prefix(80)))): choose from "
                + all.map(\.name).joined(separator: ", "))
    }
}
