import Glibc
import MusterCore
import MusterRuntime

/// How often each thread of a process has been given the processor since it began: what wakes a sleeping machine.
struct ThreadSwitches: Hashable, Sendable {
    private var byThread: [Int32: Int]

    /// Takes counts by thread.
    init(_ byThread: [Int32: Int]) { self.byThread = byThread }

    /// Asks the kernel. A thread that ends meanwhile is left out.
    ///
    /// - Throws: `SystemError` when there is no such process.
    static func read(_ pid: Int32) throws -> ThreadSwitches {
        let folder = "/proc/\(pid)/task"
        var byThread: [Int32: Int] = [:]
        for name in try OwnedDescriptor.open(folder, O_RDONLY | O_DIRECTORY).entries() {
            guard let thread = Int32(name),
                let bytes = try? TextFile.read("\(folder)/\(name)/status", limit: 1 << 20)
            else { continue }
            byThread[thread] = switches(in: String(decoding: bytes, as: UTF8.self))
        }
        return ThreadSwitches(byThread)
    }

    /// Switches of both kinds in the text of a `status` file.
    static func switches(in text: String) -> Int {
        (ProcField.number("voluntary_ctxt_switches", in: text) ?? 0)
            + (ProcField.number("nonvoluntary_ctxt_switches", in: text) ?? 0)
    }

    /// How many there have been since `before`; a thread that has begun since counts from its begin.
    func since(_ before: ThreadSwitches) -> Int {
        byThread.reduce(0) { $0 + $1.value - (before.byThread[$1.key] ?? 0) }
    }
}
