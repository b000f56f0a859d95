import Glibc
import MusterCore
import MusterRuntime

/// The file that overrides a worker's limit while it runs: one word, as `WorkLimit` reads it.
struct WorkLimitFile: Hashable, Sendable {
    let path: String

    /// The limit that the file states; nil when there is no such file.
    ///
    /// - Throws: `Problem` `input-invalid` when it states no limit or cannot be read.
    func read() throws(Problem) -> WorkLimit? {
        let bytes: [UInt8]
        do {
            bytes = try OwnedDescriptor.open(path, O_RDONLY).readAll(limit: WorkerPolicy.smallFileBytes)
        } catch {
            if error.number == ENOENT { return nil }
            throw Problem(.inputInvalid, error.description, field: "work-limit")
        }
        guard let limit = WorkLimit(String(decoding: bytes, as: UTF8.self)) else {
            throw Problem(.inputInvalid, "\(path) \(WorkLimit.rule)", field: "work-limit")
        }
        return limit
    }
}
