/// The parameters of a form's body, by name; the last of one name counts.
public struct FormParameters: Hashable, Sendable {
    private let values: [String: String]

    /// Reads a body of the type `application/x-www-form-urlencoded`.
    public init(_ body: [UInt8]) {
        var values: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decoded(sides[0])] = sides.count > 1 ? Self.decoded(sides[1]) : ""
        }
        self.values = values
    }

    /// The value of a name.
    public subscript(_ name: String) -> String? { values[name] }

    /// The whole number of a name.
    public func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

    /// The values of `name.1`, `name.2` and so on.
    public func list(_ name: String) -> [String] {
        var list: [String] = []
        while let value = values["\(name).\(list.count + 1)"] { list.append(value) }
        return list
    }

    /// Whether anything begins with `name.number.`.
    public func has(_ name: String, _ number: Int) -> Bool {
        values.keys.contains { $0.hasPrefix("\(name).\(number).") }
    }

    /// What percent-encoding stands for; a plus is a space.
    public static func decoded(_ text: some Collection<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = Array(text)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
                    result.append(byte)
                    continue
                }
                result.append(value)
                rest = rest.dropFirst(2)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
