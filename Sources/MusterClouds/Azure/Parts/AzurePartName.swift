import MusterCore

/// The names of what comes with a machine, each of which follows from the machine's.
enum AzurePartName {
    static func systemDisk(_ machine: WorkerID) -> String { "\(machine)-os" }
    static func dataDisk(_ machine: WorkerID, _ index: Int) -> String { "\(machine)-data-\(index)" }
    static func interface(_ machine: WorkerID) -> String { "\(machine)-nic" }
    static func address(_ machine: WorkerID) -> String { "\(machine)-ip" }

    /// The machine, in small letters, that a part of this name would be of; nil where none would. Azure may add to
    /// the name of an interface.
    static func machine(_ part: String, _ kind: MachinePart.Kind) -> String? {
        let words = part.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        let marks: [Substring] =
            switch kind {
            case .disk: ["os", "data"]
            case .interface: ["nic"]
            case .address: ["ip"]
            }
        guard let mark = words.lastIndex(where: { marks.contains($0) }), mark > 0,
            words.count - mark <= (words[mark] == "os" || words[mark] == "ip" ? 1 : 2)
        else { return nil }
        return words[..<mark].joined(separator: "-")
    }
}
