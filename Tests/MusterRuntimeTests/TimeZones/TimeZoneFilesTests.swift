import MusterCore
import MusterTesting
import Testing

@testable import MusterRuntime

@Suite("The machine's time zones")
struct TimeZoneFilesTests {
    private static let mars = TimeZoneName(rawValue: "Mars/Base")
    private static let winter = Timestamp(milliseconds: 1_800_000_000_000)

    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let zones: TimeZoneFiles

    init() throws {
        folder = try TemporaryFolder()
        try Folder.make("\(folder.path)/Mars", mode: 0o755)
        zones = TimeZoneFiles(folder.path, clock: clock, log: .silent)
    }

    private func write(copyOf name: String) throws {
        let bytes = try TextFile.read("\(TimeZoneFiles.usualFolder)/\(name)", limit: 1 << 20)
        try DurableFile.write(bytes, to: "\(folder.path)/Mars/Base", mode: 0o644)
    }

    private func offset() throws -> Duration { try zones.rules(of: Self.mars).offset(at: Self.winter) }

    @Test("are where tzdata puts them")
    func usual() throws {
        let zones = TimeZoneFiles(clock: clock, log: .silent)
        let rules = try zones.rules(of: TimeZoneName(rawValue: "Europe/Berlin"))
        #expect(rules.offset(at: Self.winter) == .seconds(3_600))
    }

    @Test("need no file for UTC")
    func utc() throws {
        #expect(try zones.rules(of: .utc) == .utc)
        #expect(zones.lastRules(of: .utc) == .utc)
    }

    @Test("are read again once their files have changed, some minutes later")
    func changes() throws {
        try write(copyOf: "Europe/Berlin")
        #expect(try offset() == .seconds(3_600))
        try write(copyOf: "Asia/Tokyo")
        #expect(try offset() == .seconds(3_600))
        clock.advance(by: .seconds(300))
        #expect(try offset() == .seconds(9 * 3_600))
    }

    @Test("keep what was last known when a file is gone or damaged, and read it once it is back")
    func vanishes() throws {
        #expect(zones.lastRules(of: Self.mars) == nil)
        try write(copyOf: "Asia/Tokyo")
        let known = try #require(zones.lastRules(of: Self.mars))
        try DurableFile.write(Array("nonsense".utf8), to: "\(folder.path)/Mars/Base", mode: 0o644)
        clock.advance(by: .seconds(300))
        #expect(throws: Problem.self) { try zones.rules(of: Self.mars) }
        #expect(zones.lastRules(of: Self.mars) == known)
        try write(copyOf: "Europe/Berlin")
        clock.advance(by: .seconds(300))
        #expect(zones.lastRules(of: Self.mars)?.offset(at: Self.winter) == .seconds(3_600))
    }

    @Test("that are not there are said to be missing, a folder included")
    func missing() throws {
        for name in ["Mars/Other", "Mars", "Mars/Base/Deeper"] {
            let problem = #expect(throws: Problem.self) {
                try zones.rules(of: TimeZoneName(rawValue: name))
            }
            #expect(problem?.message.contains("there is no time zone \(name)") == true)
        }
        let nowhere = TimeZoneFiles("\(folder.path)/nowhere", clock: clock, log: .silent)
        let problem = #expect(throws: Problem.self) { try nowhere.rules(of: Self.mars) }
        #expect(problem?.message.contains("install tzdata") == true)
    }

    @Test("that are huge are not read into memory")
    func huge() throws {
        try DurableFile.write(
            Array(repeating: 0, count: RuntimePolicy.largestTimeZone + 1), to: "\(folder.path)/Mars/Base",
            mode: 0o644)
        let problem = #expect(throws: Problem.self) { try zones.rules(of: Self.mars) }
        #expect(problem?.code == .inputTooLarge)
    }
}
