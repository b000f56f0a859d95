import MusterCore

extension TaskPayload {
    /// Reads a payload as it was stored.
    ///
    /// Every claim and every report reads one: a general decoder takes longer over it than the database over the
    /// whole row.
    init(stored text: String) throws(Problem) {
        let document = try StoredJSON.document(text)
        guard case .array(let words) = document["command"]?.value,
            case .object(let variables) = document["environment"]?.value
        else { throw StoredJSON.damaged("it is no payload of a task") }
        self.init(command: [], environment: [:])
        for word in words { command.append(try Self.text(word)) }
        for variable in variables { environment[variable.name] = try Self.text(variable.document) }
        if case .integer(let seconds) = document["maxRunTime"]?.value { maxRunTime = Int(seconds) }
    }

    private static func text(_ document: Document) throws(Problem) -> String {
        guard case .string(let text) = document.value else {
            throw StoredJSON.damaged("a payload has \(document.kind) where a string belongs")
        }
        return text
    }
}
