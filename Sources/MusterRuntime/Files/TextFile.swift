import Glibc
public import MusterCore

/// Files that people write.
public enum TextFile {
    /// The bytes of the file at `path`, which may be a pipe as well; "-" is the standard input.
    ///
    /// - Parameter limit: the most bytes that are taken.
    /// - Throws: `Problem` `file-failed`, or `input-too-large` when there is more than `limit`.
    public static func read(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
        if path == "-" { return try read(descriptor: 0, name: "the standard input", limit: limit) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file("open", path, errno) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: path, limit: limit)
    }

    private static func read(descriptor: CInt, name: String, limit: Int) throws(Problem) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: RuntimePolicy.readChunk)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .file("read", name, errno)
            }
            if count == 0 { return content }
            guard content.count + count <= limit else {
                throw Problem(.inputTooLarge, "\(name) has more than \(limit) bytes")
            }
            content += chunk[..<count]
        }
    }
}
