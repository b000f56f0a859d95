import Testing

@testable import MusterCore

/// What is found by jumping is what somebody finds who goes through minutes one by one, or days.
@Suite("Starts found by jumping")
struct CronSteppingTests {
    /// The values of each part, as the test understands them.
    private struct Parts {
        var text: [String] = []
        var values: [Set<Int>] = []

        /// - Parameter months: whether few months may be named.
        init(_ generator: inout SeededGenerator, months: Bool) {
            for (least, most) in [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)] {
                let isWide = Int.random(in: 0..<3, using: &generator) > 0
                if least == 1, most == 12, !months {
                    add("*", Set(least...most))
                    continue
                }
                switch Int.random(in: 0..<4, using: &generator) {
                case 0 where isWide, 1 where isWide:
                    add("*", Set(least...most))
                case 2:
                    let first = Int.random(in: least...most, using: &generator)
                    let last = Int.random(in: first...most, using: &generator)
                    let step = Int.random(in: 1...4, using: &generator)
                    add("\(first)-\(last)/\(step)", Set(stride(from: first, through: last, by: step)))
                case 3 where isWide:
                    let step = Int.random(in: 1...most, using: &generator)
                    add("*/\(step)", Set(stride(from: least, through: most, by: step)))
                default:
                    let some = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                        Int.random(in: least...most, using: &generator)
                    }
                    add(some.map(String.init).joined(separator: ","), Set(some))
                }
            }
        }

        private mutating func add(_ text: String, _ values: Set<Int>) {
            self.text.append(text)
            self.values.append(values)
        }

        func names(day: Int64) -> Bool {
            let date = CivilDate(daysSinceEpoch: day)
            guard values[3].contains(Int(date.month)) else { return false }
            let isOfMonth = values[2].contains(Int(date.day))
            let isOfWeek = values[4].contains(Int(((day + 4) % 7 + 7) % 7))
            let bothRestricted = !text[2].hasPrefix("*") && !text[4].hasPrefix("*")
            return bothRestricted ? isOfMonth || isOfWeek : isOfMonth && isOfWeek
        }

        func names(minute: Int64) -> Bool {
            let day = (Double(minute) / 1_440).rounded(.down)
            let rest = Int(minute) - Int(day) * 1_440
            return values[0].contains(rest % 60) && values[1].contains(rest / 60) && names(day: Int64(day))
        }
    }

    @Test("are those that one finds minute by minute, in zones of every kind, around their changes")
    func minutes() throws {
        var generator = SeededGenerator(seed: 5)
        let zones = try someZones.map { (name: $0, zone: try zone($0)) }
        var found = 0
        for number in 0..<160 {
            let parts = Parts(&generator, months: false)
            guard let cron = try? CronExpression(parts.text.joined(separator: " ")) else { continue }
            let (name, zone) = zones[number % zones.count]
            let changes = zone.changes.map(\.at).filter { $0 > 600_000_000 }
            let middle =
                number % 3 == 0
                ? Int64.random(in: 600_000_000...5_000_000_000, using: &generator)
                : changes.randomElement(using: &generator) ?? 1_800_000_000
            // The change is within a day of the moment, before or after it.
            let first = middle / 60 - 2 * 1_440
            let now = first + 1_440 + .random(in: 0...2 * 1_440, using: &generator)
            var shown = Int64.min
            var latest: Int64?
            var next: Int64?
            for minute in first - 1_440..<now + 1_440 {
                let local = zone.local(at: Timestamp(milliseconds: minute * 60_000)).seconds / 60
                // The first day only finds out what the clock had shown.
                if shown > .min, local > shown, minute >= first,
                    (shown + 1...local).contains(where: parts.names(minute:))
                {
                    if minute <= now { latest = minute } else if next == nil { next = minute }
                }
                shown = max(shown, local)
            }
            let moment = Timestamp(milliseconds: now * 60_000 + .random(in: 0..<60_000, using: &generator))
            let jumped = cron.latestStart(by: moment, in: zone).map { $0.milliseconds / 60_000 }
            let ahead = cron.nextStart(after: moment, in: zone).map { $0.milliseconds / 60_000 }
            let why: Comment = "\(cron) \(name) \(moment)"
            #expect(latest == jumped || latest == nil && jumped.map { $0 < first } == true, why)
            #expect(next == ahead || next == nil && ahead.map { $0 >= now + 1_440 } == true, why)
            found += (latest == nil ? 0 : 1) + (next == nil ? 0 : 1)
        }
        #expect(found > 150)
    }

    @Test("are on the days that one finds day by day, years away")
    func days() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<400 {
            let parts = Parts(&generator, months: true)
            guard let cron = try? CronExpression(parts.text.joined(separator: " ")) else { continue }
            let from = Int64.random(in: -20_000...60_000, using: &generator)
            let date = CivilDate(daysSinceEpoch: from)
            let back = (from - 366 * 41...from).reversed().first(where: parts.names(day:))
            #expect(cron.day(through: date)?.daysSinceEpoch == back, "\(cron) \(date)")
            let forth = (from...from + 366 * 41).first(where: parts.names(day:))
            #expect(cron.day(from: date)?.daysSinceEpoch == forth, "\(cron) \(date)")
        }
    }
}
