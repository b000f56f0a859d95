extension RecurringChanges {
    /// Reads the words of POSIX's variable `TZ`, with RFC 9636's times of day from -167 to 167 hours.
    ///
    /// - Throws: `Problem` `input-malformed`.
    init(posix text: some StringProtocol) throws(Problem) {
        var scanner = PosixScanner(text.utf8)
        do throws(PosixScanner.Fault) {
            try scanner.name()
            standard = -(try scanner.time(hours: 24))
            guard !scanner.isAtEnd else { return }
            try scanner.name()
            // Without an offset it is an hour ahead.
            let offset = scanner.isAt(",") ? standard + 3_600 : -(try scanner.time(hours: 24))
            let begins = try scanner.yearlyTime()
            let ends = try scanner.yearlyTime()
            guard scanner.isAtEnd else { throw PosixScanner.Fault() }
            summer = Summer(offset: offset, begins: begins, ends: ends)
        } catch {
            throw Problem(
                .inputMalformed,
                "the rule of a time zone, \(JSONText.quoted(String(text.prefix(80)))), cannot be read")
        }
    }
}

/// Reads a `TZ` from left to right.
private struct PosixScanner {
    private var rest: ArraySlice<UInt8>

    struct Fault: Error {}

    init(_ bytes: some Sequence<UInt8>) { rest = ArraySlice(Array(bytes)) }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ character: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: character) }

    /// Passes over a character if it comes next.
    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func require(_ character: Unicode.Scalar) throws(Fault) {
        guard takes(character) else { throw Fault() }
    }

    /// Passes over an abbreviation: three letters or more, or anything of the kind in angle brackets.
    mutating func name() throws(Fault) {
        let isQuoted = takes("<")
        let name = rest.prefix {
            isQuoted
                ? $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: ",")
                : (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
        }
        guard name.count >= 3 else { throw Fault() }
        rest.removeFirst(name.count)
        if isQuoted { try require(">") }
    }

    /// `[+-]hh[:mm[:ss]]`, in seconds.
    mutating func time(hours most: Int64) throws(Fault) -> Int64 {
        let isNegative = takes("-")
        if !isNegative { _ = takes("+") }
        var seconds = try number(0...most) * 3_600
        if takes(":") {
            seconds += try number(0...59) * 60
            if takes(":") { seconds += try number(0...59) }
        }
        return isNegative ? -seconds : seconds
    }

    /// `,Mm.w.d`, `,Jn` or `,n`, with `/time` or at two o'clock.
    mutating func yearlyTime() throws(Fault) -> YearlyTime {
        try require(",")
        let day: YearlyTime.Day
        if takes("M") {
            let month = try number(1...12)
            try require(".")
            let week = try number(1...5)
            try require(".")
            day = .weekday(try number(0...6), week: week, month: month)
        } else if takes("J") {
            day = .numbered(try number(1...365))
        } else {
            day = .counted(try number(0...365))
        }
        return YearlyTime(day: day, seconds: takes("/") ? try time(hours: 167) : 2 * 3_600)
    }

    private mutating func number(_ bounds: ClosedRange<Int64>) throws(Fault) -> Int64 {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...3).contains(digits.count) else { throw Fault() }
        rest.removeFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        guard bounds.contains(value) else { throw Fault() }
        return value
    }
}
