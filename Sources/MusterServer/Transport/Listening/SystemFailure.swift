import Glibc
import MusterCore

extension Problem {
    /// `what` could not be done, for the reason in `errno`.
    static func system(
        _ what: String, code: ProblemCode = .unavailable, number: Int32 = errno
    ) -> Problem {
        Problem(code, "\(what): \(String(cString: strerror(number))).")
    }
}
