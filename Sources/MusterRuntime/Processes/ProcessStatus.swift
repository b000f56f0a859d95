import Glibc

/// What `/proc/PID/stat` says of a process.
public struct ProcessStatus: Hashable, Sendable {
    /// The process's id.
    public let pid: Int32
    /// One letter: `R` running, `S` sleeping, `Z` zombie, ...
    public let state: Character
    /// Its parent's id.
    public let parent: Int32
    /// Its process group's id.
    public let group: Int32
    /// Its session's id.
    public let session: Int32
    /// When it started, in clock ticks since the machine did. With the id it names a process for as long as
    /// the machine runs.
    public let startTime: UInt64

    /// Whether it has ended and only its entry is left.
    public var hasEnded: Bool { state == "Z" || state == "X" }

    /// Takes the text of a `stat` file apart; nil when it is none.
    ///
    /// The second field is the program's name in parentheses, chosen by the process and perhaps with spaces
    /// and parentheses in it: the fields after it are counted from the last closing one.
    public init?(stat text: String) {
        guard let opening = text.firstIndex(of: "("), let closing = text.lastIndex(of: ")"),
            opening < closing
        else { return nil }
        let fields = text[text.index(after: closing)...].split(whereSeparator: \.isWhitespace)
        guard fields.count >= 20, fields[0].count == 1, let state = fields[0].first,
            let pid = Int32(text[..<opening].filter { !$0.isWhitespace }), let parent = Int32(fields[1]),
            let group = Int32(fields[2]), let session = Int32(fields[3]), let startTime = UInt64(fields[19])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = parent
        self.group = group
        self.session = session
        self.startTime = startTime
    }

    /// The status of the process with this id; nil when there is none.
    ///
    /// - Throws: `SystemError` when that could not be found out, which is not the same as "none".
    public static func read(_ pid: Int32) throws(SystemError) -> ProcessStatus? {
        guard let bytes = try ProcessTable.contents(of: "/proc/\(pid)/stat") else { return nil }
        guard let status = ProcessStatus(stat: String(decoding: bytes, as: UTF8.self)) else {
            throw SystemError(EBADMSG, "understand /proc/\(pid)/stat")
        }
        return status
    }
}
