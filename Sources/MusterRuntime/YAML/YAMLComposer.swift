import MusterCore

/// Builds documents from events.
struct YAMLComposer {
    private let events: YAMLEvents

    init(_ events: YAMLEvents) { self.events = events }

    /// All documents of the stream.
    func documents() throws(Problem) -> [Document] {
        var documents: [Document] = []
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return documents
            case .documentStart: documents.append(try value(events.next(), depth: 1))
            default: continue
            }
        }
    }

    private func value(_ event: YAMLEvent, depth: Int) throws(Problem) -> Document {
        switch event.kind {
        case .scalar(let text, let isPlain):
            let value = isPlain ? try YAMLScalar.value(text, line: event.line) : .string(text)
            return Document(value, line: event.line)
        case .sequenceStart:
            try enter(event, depth)
            return Document(.array(try elements(depth: depth)), line: event.line)
        case .mappingStart:
            try enter(event, depth)
            return Document(.object(try members(depth: depth)), line: event.line)
        default: throw Problem(.inputMalformed, "expected a value", line: event.line)
        }
    }

    private func elements(depth: Int) throws(Problem) -> [Document] {
        var elements: [Document] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try value(event, depth: depth + 1))
        }
    }

    private func members(depth: Int) throws(Problem) -> [Document.Member] {
        var members: [Document.Member] = []
        var names: Set<String> = []
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return members }
            guard case .scalar(let name, let isPlain) = event.kind, !(isPlain && name.isEmpty) else {
                throw Problem(.inputMalformed, "a name must be a text", line: event.line)
            }
            guard names.insert(name).inserted else {
                throw Problem(
                    .inputMalformed,
                    "the name \(JSONText.quoted(String(name.prefix(80)))) appears twice in one object",
                    line: event.line)
            }
            members.append(
                Document.Member(name, try value(events.next(), depth: depth + 1), line: event.line))
        }
    }

    private func enter(_ event: YAMLEvent, _ depth: Int) throws(Problem) {
        guard depth <= RuntimePolicy.deepest else {
            throw Problem(
                .inputMalformed, "nests deeper than \(RuntimePolicy.deepest) levels", line: event.line)
        }
    }
}
