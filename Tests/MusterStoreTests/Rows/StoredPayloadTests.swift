import MusterCore
import Testing

@testable import MusterStore

@Suite struct StoredPayloadTests {
    @Test(
        "A payload comes back as it was stored",
        arguments: [
            TaskPayload(command: ["true"]),
            TaskPayload(
                command: ["sh", "-c", "echo \"a\\b\"\n\t'é 🦀'", ""],
                environment: ["A": "", "PATH": "/bin:/usr/bin", "é": "a/b\u{0}c"], maxRunTime: 3_600),
            TaskPayload(command: [], environment: [:], maxRunTime: 0),
        ])
    func roundTrip(payload: TaskPayload) throws {
        #expect(try TaskPayload(stored: StoredJSON.text(payload)) == payload)
    }

    @Test(
        "What is no payload says that the store is damaged",
        arguments: [
            "", "[]", "{}", #"{"command":[],"environment":[]}"#, #"{"command":[1],"environment":{}}"#,
        ])
    func damaged(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try TaskPayload(stored: text) }
        #expect(problem?.code == .storeFailed)
    }
}
