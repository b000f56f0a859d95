import Glibc
import MusterCore
import MusterRuntime

/// A service that was started to be measured.
struct RunningService {
    let child: ChildProcess
    /// What it writes about itself; held open, so that its writing never fails.
    let log: OwnedDescriptor
    /// How long it took until it served.
    var milliseconds = 0.0

    /// Waits until it writes a line with `word`; false when it ends before.
    ///
    /// Holds its thread up: nothing else is to be done meanwhile.
    func says(_ word: String) -> Bool {
        var text = ""
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while !text.contains(word) {
            let count = read(log.number, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            text += String(decoding: chunk[..<count], as: UTF8.self)
        }
        return true
    }

    /// Ends it as an operator does.
    func stop() async throws {
        child.signal(SIGTERM)
        let status = await child.wait()
        guard status.isSuccess else { throw Problem(.unavailable, "the service ended with \(status)") }
    }
}
