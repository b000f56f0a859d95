import Glibc
import MusterRuntime

/// Holds a process back until its record is on disk.
///
/// The process starts as a shell that reads one line and only then becomes the command. If Muster ends before
/// it has written that line, the shell reads the end of the pipe and exits: nothing has run.
struct StartGate {
    /// The process's end; its descriptor 3.
    private let reading: OwnedDescriptor
    private let writing: OwnedDescriptor

    init() throws(SystemError) { (reading, writing) = try OwnedDescriptor.pipe() }

    private static let script = """
        read -r line <&3 && [ "$line" = start ] || exit 125
        exec 3<&-
        exec "$@"
        """

    /// The request for a process that waits at the gate and then becomes `command`.
    func request(_ command: InstanceCommand, input: OwnedDescriptor, log: OwnedDescriptor) -> SpawnRequest {
        SpawnRequest(
            executable: "/bin/sh", arguments: ["-c", Self.script, "muster-start"] + command.words,
            environment: command.environment, folder: command.folder,
            descriptors: [input, log, log, reading], group: .ownSession)
    }

    /// Lets the process go on. That it has ended meanwhile is no error: this end keeps the pipe whole.
    func open() throws(SystemError) {
        try writing.writeAll("start\n".utf8)
        withExtendedLifetime(reading) {}
    }
}
