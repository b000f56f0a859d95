import MusterRuntime

@testable import MusterCore

/// The rules of a zone of this machine.
func zone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneRules(tzif: zoneFile(name))
}

func zoneFile(_ name: String) throws -> [UInt8] {
    try TextFile.read("/usr/share/zoneinfo/\(name)", limit: 1 << 20)
}

/// A moment, as ISO 8601 in UTC without its `Z`.
func utc(_ text: String) throws -> Timestamp {
    guard let moment = Timestamp("\(text)Z") else { throw Problem(.inputInvalid, "\(text) is no time") }
    return moment
}

/// What a wall clock shows, as ISO 8601 without a zone.
func wall(_ text: String) throws -> LocalTime {
    LocalTime(seconds: try utc(text).milliseconds / 1_000)
}

/// A file of a zone as a test wants it, with an old block that has nothing but a kind of local time.
struct ZoneFile {
    var version: Character = "2"
    var changes: [(at: Int64, kind: UInt8)] = []
    var offsets: [Int32] = [0]
    var leapSeconds: UInt32 = 0
    var footer = "\nUTC0\n"

    var bytes: [UInt8] {
        var bytes = header(counts: [0, 0, 0, 0, 1, 4]) + kind(0) + Array("UTC\0".utf8)
        bytes += header(
            counts: [0, 0, leapSeconds, UInt32(changes.count), UInt32(offsets.count), 4])
        for change in changes { bytes += bigEndian(change.at) }
        bytes += changes.map(\.kind)
        for offset in offsets { bytes += kind(offset) }
        bytes += Array("UTC\0".utf8) + Array(repeating: 0, count: Int(leapSeconds) * 12)
        return bytes + Array(footer.utf8)
    }

    /// Where the counts of the second header begin.
    static let secondCounts = 44 + 6 + 4 + 20

    private func header(counts: [UInt32]) -> [UInt8] {
        Array("TZif\(version)".utf8) + Array(repeating: 0, count: 15) + counts.flatMap(bigEndian)
    }

    private func kind(_ offset: Int32) -> [UInt8] { bigEndian(offset) + [0, 0] }
}

func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
