import Glibc

/// A folder of the test's own, gone with its value. Its path is short enough for a socket's address.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/muster-http-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ListeningSocket.Failure(call: "mkdtemp") }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                unlink("\(path)/\(name)")
            }
            closedir(folder)
        }
        rmdir(path)
    }
}
