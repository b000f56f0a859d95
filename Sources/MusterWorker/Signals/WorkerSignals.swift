import Glibc
import MusterRuntime

/// Takes the process's signals.
public enum WorkerSignals {
    /// SIGTERM and SIGINT as `terminate`, SIGHUP as `reload`, from now on and for as long as somebody reads.
    ///
    /// One stream a process: a second one would share the signals with the first.
    public static func ofProcess() -> AsyncStream<WorkerSignal> {
        let numbers = ProcessSignals.stream(of: [SIGTERM, SIGINT, SIGHUP])
        return AsyncStream { continuation in
            let reader = Task {
                for await number in numbers { continuation.yield(number == SIGHUP ? .reload : .terminate) }
                continuation.finish()
            }
            continuation.onTermination = { _ in reader.cancel() }
        }
    }
}
