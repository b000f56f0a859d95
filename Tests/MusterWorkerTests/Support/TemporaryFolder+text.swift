import Glibc
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterWorker

extension TemporaryFolder {
    func write(_ text: String, to name: String) throws {
        try OwnedDescriptor.open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC).writeAll(Array(text.utf8))
    }

    func text(_ name: String) -> String? {
        guard let file = try? OwnedDescriptor.open(path + "/" + name, O_RDONLY),
            let bytes = try? file.readAll(limit: 1 << 24)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func holds(_ name: String) -> Bool {
        var status = stat()
        return lstat(path + "/" + name, &status) == 0
    }
}

/// Waits for what nobody tells of, such as the end of a process that is not ours.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<1_000 {
        if try await condition() { return true }
        try await SystemClock().sleep(for: .milliseconds(10))
    }
    return false
}

/// Whether a process is there and is more than an entry in the process table.
func isAlive(_ pid: Int32) -> Bool {
    guard let file = try? OwnedDescriptor.open("/proc/\(pid)/stat", O_RDONLY),
        let bytes = try? file.readAll(limit: 4_096)
    else { return false }
    return !String(decoding: bytes, as: UTF8.self).contains(") Z ")
}
