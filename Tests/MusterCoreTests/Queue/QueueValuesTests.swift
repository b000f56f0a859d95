import MusterRuntime
import Testing

@testable import MusterCore

@Suite("What the queue speaks of")
struct QueueValuesTests {
    @Test("Priorities rank from highest to lowest, and a rank is its priority again")
    func priorities() {
        let names = ["highest", "very-high", "high", "medium", "low", "very-low", "lowest"]
        #expect(Priority.allCases.map(\.rawValue) == names)
        #expect(Priority.allCases.map(\.rank) == [6, 5, 4, 3, 2, 1, 0])
        for priority in Priority.allCases { #expect(Priority(rank: priority.rank) == priority) }
        #expect(Priority(rank: 99) == .highest && Priority(rank: -1) == .lowest)
    }

    @Test("A payload says what to run; variables and a time are its own choice")
    func payload() throws {
        let least = try JSON.decode(TaskPayload.self, from: Array(#"{"command":["true"]}"#.utf8))
        #expect(least == TaskPayload(command: ["true"]))
        let full = TaskPayload(command: ["a", "b"], environment: ["X": "1"], maxRunTime: 9)
        #expect(try JSON.decode(TaskPayload.self, from: JSON.encode(full)) == full)
        #expect(throws: Problem.self) { try JSON.decode(TaskPayload.self, from: Array("{}".utf8)) }
    }

    @Test("A run is named by its task and its number")
    func run() throws {
        let run = RunReference(taskID: TaskID(rawValue: "t1"), runID: 2)
        #expect(run.description == "t1/2")
        #expect(try JSON.document(JSON.encode(run)).canonicalJSON == #"{"runId":2,"taskId":"t1"}"#)
    }

    @Test("Ends and reasons have the words that travel")
    func words() {
        #expect(Resolution.allCases.map(\.rawValue) == ["completed", "failed", "exception"])
        #expect(
            RunReason.allCases.map(\.rawValue) == [
                "completed", "failed", "timed-out", "worker-shutdown", "claim-expired",
                "resource-unavailable",
                "internal-error", "malformed-payload", "deadline-exceeded", "canceled",
            ])
    }
}
