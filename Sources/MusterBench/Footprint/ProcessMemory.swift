import MusterCore
import MusterRuntime

/// The memory of a process, in MB of a million bytes.
struct ProcessMemory: Hashable, Sendable {
    /// What is in memory of everything that it has mapped.
    var resident: Double
    /// The same with each page divided by the processes that share it.
    var proportional: Double

    /// Asks the kernel.
    ///
    /// - Throws: `Problem` when there is no such process, or it is another user's.
    static func read(_ pid: Int32) throws(Problem) -> ProcessMemory {
        let bytes = try TextFile.read("/proc/\(pid)/smaps_rollup", limit: 1 << 20)
        guard let memory = ProcessMemory(rollup: String(decoding: bytes, as: UTF8.self)) else {
            throw Problem(.unavailable, "the kernel does not say how much memory the process \(pid) has")
        }
        return memory
    }

    /// Makes it of numbers.
    init(resident: Double, proportional: Double) {
        self.resident = resident
        self.proportional = proportional
    }

    /// Takes the text of a `smaps_rollup` file apart; nil when it is none.
    init?(rollup text: String) {
        guard let resident = ProcField.number("Rss", in: text),
            let proportional = ProcField.number("Pss", in: text)
        else { return nil }
        // The kernel counts in units of 1,024 bytes.
        self.init(resident: Double(resident) * 0.001_024, proportional: Double(proportional) * 0.001_024)
    }
}

/// Lines such as `Rss:    1234 kB` in files of `/proc`.
enum ProcField {
    /// The number of the line with this name; nil when there is none.
    static func number(_ name: String, in text: String) -> Int? {
        text.split(separator: "\n").first { $0.hasPrefix(name + ":") }?
            .dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }
}
