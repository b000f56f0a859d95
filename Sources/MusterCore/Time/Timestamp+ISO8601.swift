extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC, always with milliseconds: `2026-11-21T07:30:00.000Z`.
    public var description: String {
        let (days, withinDay) = milliseconds.quotientAndRemainder(flooringBy: 86_400_000)
        let date = CivilDate(daysSinceEpoch: days)
        let (seconds, thousandths) = withinDay.quotientAndRemainder(dividingBy: 1_000)
        let time = "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(time)"
            + ".\(padded(thousandths, 3))Z"
    }

    /// Reads ISO 8601 in UTC, with any number of fractional digits or none; nil for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45, bytes[10] == 84, bytes[13] == 58,
            bytes[16] == 58,
            bytes.last == 90,
            let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
            let day = digits(bytes[8..<10]),
            let hour = digits(bytes[11..<13]), let minute = digits(bytes[14..<16]),
            let second = digits(bytes[17..<19]),
            (1...12).contains(month), hour < 24, minute < 60, second < 61
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date else { return nil }
        var thousandths: Int64 = 0
        if bytes.count > 20 {
            guard bytes[19] == 46, bytes.count > 21, digits(bytes[20..<bytes.count - 1].prefix(9)) != nil,
                bytes[20..<bytes.count - 1].allSatisfy({ (48...57).contains($0) })
            else { return nil }
            let kept = bytes[20..<bytes.count - 1].prefix(3)
            thousandths = digits(kept) ?? 0
            for _ in kept.count..<3 { thousandths *= 10 }
        }
        let withinDay = (hour * 3_600 + minute * 60 + second) * 1_000 + thousandths
        self.init(milliseconds: date.daysSinceEpoch * 86_400_000 + withinDay)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "a time must be ISO 8601 in UTC, such as 2026-11-21T07:30:00Z")
        }
        self = moment
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}

private func digits(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for byte in bytes {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - 48)
    }
    return value
}

extension Int64 {
    fileprivate func quotientAndRemainder(flooringBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
