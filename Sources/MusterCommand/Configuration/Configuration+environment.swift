import MusterCore
import MusterRuntime

extension Configuration {
    /// Lets the environment's variables win over what is set; the variables that are wrong are returned.
    mutating func override(by environment: [String: String], folder: String) -> [Problem] {
        var problems: [Problem] = []
        func value<Value>(of name: String, _ read: (String) throws(Problem) -> Value) -> Value? {
            guard let text = environment[name], !text.isEmpty else { return nil }
            do {
                return try read(text)
            } catch {
                problems.append(Problem(.inputInvalid, error.message, field: name))
                return nil
            }
        }
        func path(_ text: String) -> String { ConfigurationFile.absolute(text, in: folder) }
        state = value(of: "MUSTER_STATE", path) ?? state
        database =
            value(of: "MUSTER_DATABASE") { text throws(Problem) in try .parsed(text, password: nil) }
            ?? database
        listen = value(of: "MUSTER_LISTEN", ListenAddress.init(parsing:)) ?? listen
        log.level = value(of: "MUSTER_LOG_LEVEL", choice) ?? log.level
        log.format = value(of: "MUSTER_LOG_FORMAT", choice) ?? log.format
        eventsFile = value(of: "MUSTER_EVENTS_FILE", path) ?? eventsFile
        return problems
    }
}

/// `text` as a raw value of an enumeration.
private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ text: String
) throws(Problem) -> Choice {
    if let choice = Choice(rawValue: text) { return choice }
    let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw Problem(
        .inputInvalid, "must be one of \(choices), not \(JSONText.quoted(String(text.prefix(80))))")
}
