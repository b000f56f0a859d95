/// An element of an XML text, with what was wanted of its content.
public struct XMLElement: Hashable, Sendable {
    /// Its name as it is written, a prefix included.
    public var name: String
    /// Its characters; those between its children are left out.
    public var text: String
    /// Its elements, in order.
    public var children: [XMLElement]

    /// Makes an element.
    public init(_ name: String, text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    /// The first child of this name.
    public subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The characters of the first element at this path; nil where there is none, and where it is empty.
    public func text(_ path: String...) -> String? {
        var found = self
        for name in path {
            guard let child = found[name] else { return nil }
            found = child
        }
        return found.text.isEmpty ? nil : found.text
    }

    /// The children of the first child called `list`: what lists are in the answers of many services.
    public func items(_ list: String) -> [XMLElement] { self[list]?.children ?? [] }
}
