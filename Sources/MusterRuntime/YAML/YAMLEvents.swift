import CYAML
import MusterCore

/// One event of libyaml's parser, with what it says copied out of C.
struct YAMLEvent {
    enum Kind {
        case streamEnd, documentStart, documentEnd
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case scalar(text: String, isPlain: Bool)
        case other
    }

    var kind: Kind
    /// Counted from 1.
    var line: Int
}

/// Owns a libyaml parser over bytes that must outlive it.
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeBufferPointer<UInt8>

    init(_ input: UnsafeBufferPointer<UInt8>) throws(Problem) {
        self.input = input
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            throw Problem(.internalError, "no memory for a YAML parser")
        }
        // Left to guess, libyaml would take UTF-16 as well.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. Not to be called again after a problem or the end of the stream.
    func next() throws(Problem) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        let line = event.start_mark.line + 1
        return YAMLEvent(kind: try kind(of: event, line: line), line: line)
    }

    private func kind(of event: yaml_event_t, line: Int) throws(Problem) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            try refuse(anchor: start.anchor, tag: start.tag, line: line)
            return .sequenceStart
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            try refuse(anchor: start.anchor, tag: start.tag, line: line)
            return .mappingStart
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuse(anchor: scalar.anchor, tag: isString(scalar.tag) ? nil : scalar.tag, line: line)
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nil
            return .scalar(text: String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
        case YAML_ALIAS_EVENT:
            throw Problem(.inputMalformed, "aliases (*name) are not supported; write it out", line: line)
        default: return .other
        }
    }

    private func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, line: Int
    ) throws(Problem) {
        if anchor != nil {
            throw Problem(.inputMalformed, "anchors (&name) are not supported; write it out", line: line)
        }
        if let tag {
            let name = JSONText.quoted(String(String(cString: tag).prefix(80)))
            throw Problem(.inputMalformed, "the tag \(name) is not supported; only !!str is", line: line)
        }
    }

    /// Whether `tag` says "string": `!!str`, or the lone `!` that means "not plain".
    private func isString(_ tag: UnsafeMutablePointer<yaml_char_t>?) -> Bool {
        guard let tag else { return true }
        let name = String(cString: tag)
        return name == "tag:yaml.org,2002:str" || name == "!"
    }

    private var lines: Int {
        let breaks = input.count { $0 == UInt8(ascii: "\n") }
        return max(1, input.last == UInt8(ascii: "\n") ? breaks : breaks + 1)
    }

    private func problem() -> Problem {
        let parser = parser.pointee
        let message = parser.problem.map { String(cString: $0) } ?? "it cannot be parsed"
        // The reader, which checks the encoding, knows an offset and no line; and the end of the text counts
        // as a line of its own, which nobody sees in an editor.
        let line =
            parser.error == YAML_READER_ERROR
            ? input.prefix(parser.problem_offset).count { $0 == UInt8(ascii: "\n") } + 1
            : min(parser.problem_mark.line + 1, lines)
        let code: ProblemCode = parser.error == YAML_MEMORY_ERROR ? .internalError : .inputMalformed
        return Problem(code, "the YAML text is wrong: \(message)", line: line)
    }
}
