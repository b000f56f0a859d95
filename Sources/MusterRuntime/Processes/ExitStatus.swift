/// How a process ended.
public enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// It exited with this code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
    /// Somebody else took the answer: the process runs with SIGCHLD ignored.
    case unknown

    /// Whether it exited with 0.
    public var isSuccess: Bool { self == .code(0) }

    /// The code as a shell shows it: 128 plus the number for a signal; nil when nobody knows.
    public var shellCode: Int32? {
        switch self {
        case .code(let code): code
        case .signal(let number): 128 + number
        case .unknown: nil
        }
    }

    public var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let number): "signal \(number)"
        case .unknown: "exit code unknown"
        }
    }
}
