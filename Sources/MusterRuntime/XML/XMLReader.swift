import CExpat
public import MusterCore

/// What a reader of XML takes out of a text; all else is passed over.
public struct XMLWish: Hashable, Sendable {
    /// The names of the elements that lead to the wanted one, itself included, the root not.
    public var path: [String]
    /// The names of the elements below it that are kept, each with those below it that are named too; nil keeps
    /// all of them.
    public var keeping: Set<String>?

    /// Wishes for the elements at a path written with slashes, such as `reservationSet/item`.
    public init(_ path: String, keeping: Set<String>? = nil) {
        self.path = path.split(separator: "/").map(String.init)
        self.keeping = keeping
    }
}

/// Reads an XML text piece by piece and gives out the wanted elements as they end.
///
/// Nothing outside the text is ever looked at, and nothing in it is expanded: a document type, with which
/// entities come, is refused. The text's size, its depth and the wanted elements' sizes are bounded.
public final class XMLReader {
    private let parser: OpaquePointer
    private let state: XMLReaderState

    /// Begins a text.
    ///
    /// - Parameter take: gets the wanted elements in the order in which they end, with the place of the wish
    ///   among `wishes`.
    /// - Throws: `Problem` `internal-error` when there is no memory.
    public init(
        _ wishes: [XMLWish], shape: XMLShape = XMLShape(), limit: Int? = nil,
        take: @escaping (Int, XMLElement) -> Void
    ) throws(Problem) {
        // Left to guess, the library would take other encodings as well.
        guard let parser = XML_ParserCreate("UTF-8") else {
            throw Problem(.internalError, "no memory for an XML parser")
        }
        self.parser = parser
        state = XMLReaderState(
            parser: parser, wishes: wishes, shape: shape, limit: limit ?? RuntimePolicy.largestXML, take: take
        )
        XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
        XML_SetElementHandler(
            parser,
            { context, name, _ in
                guard let state = XMLReaderState.of(context), let name else { return }
                state.begin(String(cString: name))
            },
            { context, _ in XMLReaderState.of(context)?.end() })
        XML_SetCharacterDataHandler(parser) { context, bytes, count in
            guard let state = XMLReaderState.of(context), let bytes else { return }
            bytes.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
                state.characters(UnsafeBufferPointer(start: $0, count: Int(count)))
            }
        }
        XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            XMLReaderState.of(context)?.stop("it has a document type, which is not taken")
        }
    }

    deinit { XML_ParserFree(parser) }

    /// Takes the next piece of the text.
    ///
    /// - Throws: `Problem` `answer-unexpected` with the line when the text is wrong, deeper or larger than it
    ///   may be. Nothing may be fed after it.
    public func feed(_ bytes: some ContiguousBytesOfXML) throws(Problem) {
        try parse(bytes, isLast: false)
    }

    /// Ends the text.
    ///
    /// - Throws: `Problem` `answer-unexpected` also when the text was cut off, or lacks what it must have.
    public func finish() throws(Problem) {
        try parse([UInt8](), isLast: true)
        guard let missing = state.missing.min() else { return }
        throw Problem(.answerUnexpected, "the XML text has no \(missing)")
    }

    private func parse(_ bytes: some ContiguousBytesOfXML, isLast: Bool) throws(Problem) {
        state.size += bytes.count
        guard state.size <= state.limit else {
            throw Problem(.answerUnexpected, "the XML text has more than \(state.limit) bytes")
        }
        let status = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                XML_Parse(parser, $0.baseAddress, CInt(truncatingIfNeeded: $0.count), isLast ? 1 : 0)
            }
        }
        guard status != XML_STATUS_OK else { return }
        let code = XML_GetErrorCode(parser)
        let message = state.refusal ?? XML_ErrorString(code).map { String(cString: $0) } ?? "cannot be parsed"
        throw Problem(
            .answerUnexpected, "the XML text is wrong: \(message)",
            line: Int(XML_GetCurrentLineNumber(parser)))
    }
}

/// Bytes that lie in one piece.
public protocol ContiguousBytesOfXML: Collection<UInt8> {
    /// Gives the bytes where they lie.
    func withUnsafeBufferPointer<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result
}

extension [UInt8]: ContiguousBytesOfXML {}
extension ArraySlice<UInt8>: ContiguousBytesOfXML {}
