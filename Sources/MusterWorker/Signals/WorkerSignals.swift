@preconcurrency import Dispatch
import Glibc

/// Takes the process's signals.
public enum WorkerSignals {
    /// SIGTERM and SIGINT as `terminate`, SIGHUP as `reload`, from now on and for as long as somebody reads.
    ///
    /// One stream a process: a second one would share the signals with the first.
    public static func ofProcess() -> AsyncStream<WorkerSignal> {
        AsyncStream { continuation in
            let queue = DispatchQueue(label: "muster.worker.signals")
            let sources = [
                (SIGTERM, WorkerSignal.terminate), (SIGINT, .terminate), (SIGHUP, .reload),
            ].map { number, meaning in
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { continuation.yield(meaning) }
                return source
            }
            for source in sources { source.resume() }
            continuation.onTermination = { _ in
                for source in sources { source.cancel() }
            }
        }
    }
}
