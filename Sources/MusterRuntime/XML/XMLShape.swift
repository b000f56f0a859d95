/// What a text must be to mean what is looked for in it: without this, any other text is one in which nothing was found.
public struct XMLShape: Hashable, Sendable {
    /// The root's name as it is written; nil takes any.
    public var root: String?
    /// Names of elements directly below the root that must be there, be they empty.
    public var required: Set<String>

    /// Makes a shape; by default, anything fits.
    public init(root: String? = nil, requiring required: Set<String> = []) {
        self.root = root
        self.required = required
    }
}
