import CLinux
import Glibc
public import MusterCore

/// The machine's time zones, read when they are first asked for, and again when their files have changed.
public final class TimeZoneFiles: Sendable {
    /// Where the package tzdata puts them.
    public static let usualFolder = "/usr/share/zoneinfo"

    private let folder: String
    private let clock: any WallClock
    private let log: Log
    private let known = Locked<[TimeZoneName: Entry]>([:])
    /// When it was last said that a zone could not be read, by the uptime: every pass asks for it.
    private let complaints = Locked<[TimeZoneName: Duration]>([:])

    private struct Entry {
        var rules: TimeZoneRules
        var identity: FileIdentity
        /// When the file was last looked for, by the uptime.
        var lookedAt: Duration
    }

    /// Reads zones from a folder; nothing is read yet.
    public init(_ folder: String = TimeZoneFiles.usualFolder, clock: any WallClock, log: Log) {
        self.folder = folder
        self.clock = clock
        self.log = log
    }

    /// The rules of a zone; a change of its file is followed within minutes.
    ///
    /// - Throws: `Problem` `file-failed` or `input-malformed`.
    public func rules(of name: TimeZoneName) throws(Problem) -> TimeZoneRules {
        if name == .utc { return .utc }
        let now = clock.uptime()
        let entry = known.withLock { $0[name] }
        if let entry, now < entry.lookedAt + RuntimePolicy.timeZoneRecheck { return entry.rules }
        let path = "\(folder)/\(name)"
        let identity = try FileIdentity(path, name, in: folder)
        let rules =
            if let entry, entry.identity == identity { entry.rules } else {
                try TimeZoneRules(tzif: TextFile.read(path, limit: RuntimePolicy.largestTimeZone))
            }
        complaints.withLock { $0[name] = nil }
        known.withLock { $0[name] = Entry(rules: rules, identity: identity, lookedAt: now) }
        return rules
    }

    /// The rules of a zone, or those that were last read when its file is gone or damaged; nil when there are none.
    public func lastRules(of name: TimeZoneName) -> TimeZoneRules? {
        do throws(Problem) {
            return try rules(of: name)
        } catch {
            let now = clock.uptime()
            let last = known.withLock { known in
                known[name]?.lookedAt = now
                return known[name]?.rules
            }
            let isNews = complaints.withLock { complaints in
                if let last = complaints[name], now < last + RuntimePolicy.timeZoneRecheck { return false }
                complaints[name] = now
                return true
            }
            guard isNews else { return last }
            log.warning(
                "a time zone could not be read",
                [
                    "zone": name.rawValue, "error": error.message,
                    "goes on with": last == nil ? "none" : "the last",
                ])
            return last
        }
    }
}

/// What tells a file from another that took its place, or from what it was before.
private struct FileIdentity: Equatable {
    private let device: UInt64
    private let number: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    init(_ path: String, _ name: TimeZoneName, in folder: String) throws(Problem) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw Self.missing(name, in: folder) }
            throw .file("look at", path, errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Self.missing(name, in: folder) }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    private static func missing(_ name: TimeZoneName, in folder: String) -> Problem {
        var status = stat()
        let hint =
            stat(folder, &status) == 0 ? "timedatectl list-timezones shows those there are" : "install tzdata"
        return Problem(.fileFailed, "there is no time zone \(name) in \(folder): \(hint)")
    }
}
