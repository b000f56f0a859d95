extension Document {
    /// The canonical JSON of RFC 8785: members sorted by UTF-16 code units, no white space, numbers as
    /// ECMAScript writes them. This is what ids are hashed from.
    ///
    /// Beyond the RFC, which knows only doubles, integers above 2^53 keep their own digits: two of them that
    /// differ must not hash alike.
    public var canonicalJSON: String {
        switch value {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number(let number): Self.number(number)
        case .string(let text): JSONText.quoted(text)
        case .array(let elements): "[" + elements.map(\.canonicalJSON).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
                .map { JSONText.quoted($0.name) + ":" + $0.document.canonicalJSON }
                .joined(separator: ",") + "}"
        }
    }

    /// A number in the shortest form that reads back to the same double (ECMA-262, Number::toString).
    private static func number(_ number: Double) -> String {
        if number == 0 { return "0" }
        if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 { return String(whole) }
        return ECMAScriptNumber.text(number)
    }
}
