import MusterCore
import MusterRuntime

extension Document {
    /// What somebody signed, as JSON; throws a refusal that names it as `noun`.
    ///
    /// Unlike a proof it may have members that nobody knows: clouds add some.
    init(signed bytes: [UInt8], noun: String) throws(Problem) {
        do {
            self = try JSON.document(bytes)
        } catch {
            throw .refused("\(noun) is no JSON object")
        }
        guard case .object = value else { throw .refused("\(noun) is no JSON object") }
    }

    /// The text at this path of members; nil when there is none, or something else.
    func text(_ path: String...) -> String? {
        var document = self
        for name in path {
            guard let next = document[name] else { return nil }
            document = next
        }
        guard case .string(let text) = document.value else { return nil }
        return text
    }
}

extension Dictionary<String, String> {
    /// What is known of an instance: without what is not there.
    init(facts: [(name: String, value: String?)]) {
        self = [:]
        for fact in facts {
            // An instance's facts go into rows and events, where nobody wants pages of them.
            if let value = fact.value, !value.isEmpty, value.utf8.count <= 256 { self[fact.name] = value }
        }
    }
}
