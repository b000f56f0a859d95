import FoundationEssentials
import Glibc
import MusterRuntime

/// A folder of a test's own, gone with the value.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes an empty folder below `parent`.
    public init(in parent: String = "/tmp") throws {
        var template = "\(parent)/muster-test.XXXXXX".utf8CString
        try template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, mkdtemp(start) != nil else {
                throw SystemError(errno, "make a folder")
            }
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
