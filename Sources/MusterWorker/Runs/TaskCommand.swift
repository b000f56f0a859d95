import Glibc
import MusterAPI
import MusterCore
import MusterRuntime

/// What a task's payload asks to be run, checked.
struct TaskCommand: Hashable, Sendable {
    let words: [String]
    let environment: [String: String]
    /// After which the command is ended.
    let timeLimit: Duration

    /// Checks the payload of `task`, whose environment starts from `inherited`.
    ///
    /// - Throws: `RunFault` `malformed-payload` that says what cannot be run.
    init(_ task: ClaimedTask, inherited: [String: String]) throws(RunFault) {
        let payload = task.payload
        guard let program = payload.command.first, !program.isEmpty else {
            throw RunFault(.malformedPayload, "The task's command is empty.")
        }
        guard !payload.command.contains(where: Self.holdsZero) else {
            throw RunFault(.malformedPayload, "The task's command holds a zero byte.")
        }
        for (name, value) in payload.environment {
            guard !name.isEmpty, !name.contains("="), !Self.holdsZero(name), !Self.holdsZero(value) else {
                throw RunFault(
                    .malformedPayload,
                    "The task's environment holds \(JSONText.quoted(String(name.prefix(80)))), which cannot be set."
                )
            }
        }
        if let seconds = payload.maxRunTime {
            guard seconds > 0 else {
                throw RunFault(.malformedPayload, "The task's maxRunTime must be positive, not \(seconds).")
            }
            timeLimit = min(.seconds(seconds), WorkerPolicy.longestRunAllowed)
        } else {
            timeLimit = WorkerPolicy.longestRun
        }
        words = payload.command
        environment = TaskEnvironment.of(task, inherited: inherited)
    }

    /// The process to start: in `place`, writing to `output`, in a group of its own that does not outlive it.
    ///
    /// - Throws: `RunFault` `malformed-payload` when there is no such program.
    func request(in place: WorkFolder.Place, output: OwnedDescriptor) throws(RunFault) -> SpawnRequest {
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        guard let executable = ExecutablePath.find(words[0], path: path, folder: place.folder) else {
            let name = JSONText.quoted(String(words[0].prefix(200)))
            throw RunFault(.malformedPayload, "The command \(name) is not there, or is not executable.")
        }
        let input: OwnedDescriptor
        do {
            input = try OwnedDescriptor.open("/dev/null", O_RDONLY)
        } catch {
            throw RunFault(starting: error)
        }
        return SpawnRequest(
            executable: executable, arguments: Array(words.dropFirst()), environment: environment,
            folder: place.folder, descriptors: [input, output, output], group: .ownGroup,
            killsGroupAtExit: true)
    }

    private static func holdsZero(_ text: String) -> Bool { text.utf8.contains(0) }
}
