import Glibc
import MusterCore

extension Problem {
    /// What the system said of a file: "cannot open /x/y: No such file or directory".
    static func file(_ verb: String, _ path: String, _ error: CInt) -> Problem {
        Problem(.fileFailed, "cannot \(verb) \(path): \(String(cString: strerror(error)))")
    }
}
