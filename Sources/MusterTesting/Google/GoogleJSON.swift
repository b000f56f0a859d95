import MusterCore

/// JSON as the fake writes it.
enum GoogleJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case document(Document)

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .document(Document(.boolean(flag))) }
    init(arrayLiteral elements: GoogleJSON...) { self = .list(elements) }
    init(dictionaryLiteral members: (String, GoogleJSON)...) { self = .object(members) }

    static func text(_ text: String) -> GoogleJSON { .document(Document(.string(text))) }
    static func number(_ number: Int) -> GoogleJSON { .document(Document(.integer(Int64(number)))) }
    static func list(_ elements: [GoogleJSON]) -> GoogleJSON {
        .document(Document(.array(elements.map(\.document))))
    }
    static func object(_ members: [(String, GoogleJSON)]) -> GoogleJSON {
        .document(Document(.object(members.map { Document.Member($0.0, $0.1.document) })))
    }

    var document: Document {
        switch self {
        case .document(let document): document
        }
    }

    /// The same with another member.
    func with(_ name: String, _ value: GoogleJSON?) -> GoogleJSON {
        guard let value, case .object(let members) = document.value else { return self }
        return .document(Document(.object(members + [Document.Member(name, value.document)])))
    }

    var bytes: [UInt8] { Array(document.canonicalJSON.utf8) }
}

extension Document {
    /// A member's text.
    func googleText(_ name: String) -> String? {
        guard case .string(let text)? = self[name]?.value else { return nil }
        return text
    }

    /// A member's elements.
    func googleElements(_ name: String) -> [Document] {
        guard case .array(let elements)? = self[name]?.value else { return [] }
        return elements
    }

    /// A member's own members.
    func googleMembers(_ name: String) -> [Document.Member] {
        guard case .object(let members)? = self[name]?.value else { return [] }
        return members
    }
}
