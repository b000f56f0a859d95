import CExpat

/// What the library's callbacks work on: where in the text they are, and the wanted element that is open.
final class XMLReaderState {
    private let parser: OpaquePointer
    private let wishes: [XMLWish]
    private let root: String?
    private let take: (Int, XMLElement) -> Void
    let limit: Int
    var size = 0
    /// Why the text was refused.
    private(set) var refusal: String?
    /// What must be there and was not yet seen.
    private(set) var missing: Set<String>

    /// The names from below the root to where the text is.
    private var path: [String] = []
    private var depth = 0
    /// The wish that is being fulfilled, and its elements that are open, the outermost first.
    private var wish: Int?
    private var open: [(element: XMLElement, text: [UInt8])] = []
    private var taken = 0
    /// How many elements are open that are passed over.
    private var passed = 0

    init(
        parser: OpaquePointer, wishes: [XMLWish], shape: XMLShape, limit: Int,
        take: @escaping (Int, XMLElement) -> Void
    ) {
        self.parser = parser
        self.wishes = wishes
        root = shape.root
        missing = shape.required
        self.limit = limit
        self.take = take
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> XMLReaderState? {
        context.map { Unmanaged<XMLReaderState>.fromOpaque($0).takeUnretainedValue() }
    }

    func stop(_ reason: String) {
        refusal = refusal ?? reason
        XML_StopParser(parser, 0)
    }

    func begin(_ name: String) {
        depth += 1
        guard depth <= RuntimePolicy.deepest else {
            return stop("it nests deeper than \(RuntimePolicy.deepest) levels")
        }
        if let wish {
            guard passed == 0, wishes[wish].keeping?.contains(name) ?? true else {
                passed += 1
                return
            }
            taken += 1
            guard taken <= RuntimePolicy.largestXMLElement else {
                return stop("an element holds more than \(RuntimePolicy.largestXMLElement) others")
            }
            open.append((XMLElement(name), []))
            return
        }
        guard depth > 1 else {
            if let root, name != root { stop("it is a \(name.prefix(40)), not a \(root)") }
            return
        }
        if depth == 2 { missing.remove(name) }
        path.append(name)
        guard let found = wishes.firstIndex(where: { $0.path == path }) else { return }
        wish = found
        taken = 0
        open = [(XMLElement(name), [])]
    }

    func end() {
        depth -= 1
        guard let wish else {
            if !path.isEmpty { path.removeLast() }
            return
        }
        if passed > 0 {
            passed -= 1
            return
        }
        guard let (begun, text) = open.popLast() else { return }
        var element = begun
        // White space between elements is layout.
        if element.children.isEmpty { element.text = String(decoding: text, as: UTF8.self) }
        if open.isEmpty {
            self.wish = nil
            path.removeLast()
            take(wish, element)
        } else {
            open[open.count - 1].element.children.append(element)
        }
    }

    func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard wish != nil, passed == 0, !open.isEmpty else { return }
        open[open.count - 1].text += bytes
    }
}
