import MusterCore

extension Document {
    /// The text of a string; nil for all else.
    var asText: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    /// The elements of a list; none for all else.
    var asList: [Document] {
        guard case .array(let elements) = value else { return [] }
        return elements
    }

    static func flag(_ flag: Bool) -> Document { Document(.boolean(flag)) }
    static func list(_ elements: [Document]) -> Document { Document(.array(elements)) }

    /// The object with these members in place of those it had by their names.
    func with(_ members: KeyValuePairs<String, Document?>) -> Document {
        var all: [Member] = []
        if case .object(let old) = value { all = old }
        for (name, document) in members {
            all.removeAll { $0.name == name }
            if let document { all.append(Member(name, document)) }
        }
        return Document(.object(all))
    }
}
