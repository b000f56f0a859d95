import MusterCore

/// An object of Google's API that is being put together.
struct GoogleResource {
    private var members: [String: Document]

    /// Begins with the members of `document`, or with none where it is no object. Nulls are left out: they say
    /// nothing.
    init(_ document: Document? = nil) {
        guard case .object(let members)? = document?.value else {
            self.members = [:]
            return
        }
        self.members = Dictionary(
            members.filter { $0.document.value != .null }.map { ($0.name, Document($0.document.value)) },
            uniquingKeysWith: { first, _ in first })
    }

    subscript(_ name: String) -> Document? {
        get { members[name] }
        set { members[name] = newValue }
    }

    /// A member that is a text.
    func text(_ name: String) -> String? { members[name]?.text }

    /// The elements of a member that is a list.
    func elements(_ name: String) -> [Document] { members[name]?.elements ?? [] }

    /// The texts of a member that is a list of them.
    func texts(_ name: String) -> [String] { elements(name).compactMap(\.text) }

    /// The object; equal ones are equal.
    var document: Document {
        Document(.object(members.sorted { $0.key < $1.key }.map { Document.Member($0.key, $0.value) }))
    }

    /// An object of texts.
    static func texts(_ values: [String: String]) -> Document {
        var resource = GoogleResource()
        for (name, value) in values { resource[name] = Document(.string(value)) }
        return resource.document
    }
}

extension Document {
    /// The text, where it is one.
    fileprivate var text: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    /// The elements, where it is a list.
    fileprivate var elements: [Document]? {
        guard case .array(let elements) = value else { return nil }
        return elements
    }
}
