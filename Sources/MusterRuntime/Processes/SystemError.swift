import CLinux
import Glibc
public import MusterCore

/// A system call that failed.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value of `errno`.
    public let number: Int32
    /// What was tried, as the middle of a sentence: "open /etc/muster".
    public let attempt: String

    /// Makes an error.
    public init(_ number: Int32, _ attempt: String) {
        self.number = number
        self.attempt = attempt
    }

    /// The constant's name, such as `ENOENT`.
    public var name: String { strerrorname_np(number).map { String(cString: $0) } ?? "E\(number)" }

    public var description: String { "cannot \(attempt): \(String(cString: strerror(number))) (\(name))" }

    /// The same as a problem: what is missing or forbidden is the input's fault, what has run out is a
    /// matter of time.
    public var problem: Problem {
        let code: ProblemCode =
            switch number {
            case ENOENT, ENOTDIR, EACCES, ENOEXEC, EISDIR, ELOOP, ENAMETOOLONG, EINVAL, E2BIG, ELIBBAD:
                .inputInvalid
            case EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EDQUOT: .unavailable
            case EPERM: .notPermitted
            default: .internalError
            }
        return Problem(code, description)
    }
}
