public import MusterCore

/// XML on its way in.
public enum XML {
    /// The wanted elements of a text, in the order in which they end, each with the place of its wish.
    ///
    /// - Parameter shape: what the text must be besides.
    /// - Throws: `Problem` `answer-unexpected` when the text is wrong, cut off, of another shape, or not within its
    ///   bounds.
    public static func elements(
        _ wishes: [XMLWish], shape: XMLShape = XMLShape(), in bytes: [UInt8]
    ) throws(Problem) -> [(wish: Int, element: XMLElement)] {
        let found = Found()
        let reader = try XMLReader(wishes, shape: shape) { found.all.append(($0, $1)) }
        try reader.feed(bytes)
        try reader.finish()
        return found.all
    }

    /// The elements at one path.
    ///
    /// - Throws: as `elements(_:in:)`.
    public static func elements(
        at path: String, keeping: Set<String>? = nil, in bytes: [UInt8]
    ) throws(Problem) -> [XMLElement] {
        try elements([XMLWish(path, keeping: keeping)], in: bytes).map(\.element)
    }

    private final class Found {
        var all: [(Int, XMLElement)] = []
    }
}
