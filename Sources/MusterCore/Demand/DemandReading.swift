/// What an external source said at one reading.
public struct DemandReading: Hashable, Sendable {
    /// How many tasks wait.
    public var pending: Int
    /// How many tasks workers run; nil when the source does not know.
    public var claimed: Int?
    /// When the numbers were true.
    public var observedAt: Timestamp
    /// The instances that run nothing, by their providers' names; nil when the source does not know.
    public var idle: Set<String>?

    /// Makes a reading.
    public init(pending: Int, claimed: Int?, observedAt: Timestamp, idle: Set<String>? = nil) {
        self.pending = pending
        self.claimed = claimed
        self.observedAt = observedAt
        self.idle = idle
    }

    /// Takes the numbers out of a source's document.
    ///
    /// - Parameter answeredAt: when the numbers were true if the document does not say it.
    /// - Throws: `Problem` `answer-unexpected` when anything that the source should say is not there: what is
    ///   missing is unknown, never zero.
    public init(
        _ document: Document, from source: ExternalSource, answeredAt: Timestamp
    ) throws(Problem) {
        pending = try Self.count(document, source.pending)
        claimed = try source.claimed.map { pointer throws(Problem) in try Self.count(document, pointer) }
        observedAt =
            try source.observedAt.map { pointer throws(Problem) in try Self.time(document, pointer) }
            ?? answeredAt
        idle = try source.idle.map { pointer throws(Problem) in try Self.names(document, pointer) }
    }

    private static func count(_ document: Document, _ pointer: JSONPointer) throws(Problem) -> Int {
        let found = try value(document, pointer)
        var number: Int?
        switch found.value {
        case .integer(let integer): number = Int(exactly: integer)
        case .number(let value): number = Int(exactly: value)
        // Counts come as text too, from Prometheus among others.
        case .string(let text): number = Int(text)
        default: break
        }
        guard let number, (0...DemandPolicy.tasks).contains(number) else {
            throw unexpected(pointer, "is not a number of tasks")
        }
        return number
    }

    private static func time(_ document: Document, _ pointer: JSONPointer) throws(Problem) -> Timestamp {
        let found = try value(document, pointer)
        switch found.value {
        case .string(let text): if let time = Timestamp(text) { return time }
        case .integer(let seconds) where (0...longestTime).contains(seconds):
            return Timestamp(milliseconds: seconds * 1_000)
        case .number(let seconds) where (0...Double(longestTime)).contains(seconds):
            return Timestamp(milliseconds: Int64(seconds * 1_000))
        default: break
        }
        throw unexpected(pointer, "is not a time (ISO 8601 in UTC, or seconds since 1970)")
    }

    private static func names(_ document: Document, _ pointer: JSONPointer) throws(Problem) -> Set<String> {
        guard case .array(let elements) = try value(document, pointer).value,
            elements.count <= DemandPolicy.idleInstances
        else { throw unexpected(pointer, "is not a list of instances") }
        var names: Set<String> = []
        for element in elements {
            guard case .string(let name) = element.value else {
                throw unexpected(pointer, "is not a list of instances' names")
            }
            names.insert(name)
        }
        return names
    }

    private static func value(_ document: Document, _ pointer: JSONPointer) throws(Problem) -> Document {
        guard let found = pointer.value(in: document) else {
            throw Problem(.answerUnexpected, "the source's document has nothing at \(shown(pointer))")
        }
        return found
    }

    private static func unexpected(_ pointer: JSONPointer, _ fault: String) -> Problem {
        Problem(.answerUnexpected, "what stands at \(shown(pointer)) of the source's document \(fault)")
    }

    private static func shown(_ pointer: JSONPointer) -> String {
        pointer == .whole ? "its root" : pointer.description
    }

    /// Seconds: the year 9999.
    private static let longestTime: Int64 = 253_402_300_799
}
