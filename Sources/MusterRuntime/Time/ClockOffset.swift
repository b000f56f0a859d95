import Glibc
import MusterCore

/// By how much a test has set the clock of this process.
///
/// A debug build that has `MUSTER_CLOCK_OFFSET=FILE` in its environment adds the milliseconds that stand in that
/// file, whenever it looks at the clock. In a release build there is no offset.
enum ClockOffset {
    @inline(__always)
    static var current: Duration {
        #if DEBUG
            file.map(read) ?? .zero
        #else
            .zero
        #endif
    }

    #if DEBUG
        private static let file = getenv("MUSTER_CLOCK_OFFSET").map { String(cString: $0) }

        private static func read(_ path: String) -> Duration {
            let bytes = (try? TextFile.read(path, limit: 64)) ?? []
            let digits = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }
            return .milliseconds(Int64(digits) ?? 0)
        }
    #endif
}
