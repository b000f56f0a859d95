@preconcurrency import Dispatch
import Glibc

/// Takes the signals of this process.
public enum ProcessSignals {
    /// The numbers of those of `signals` that come, from now on and for as long as somebody reads.
    ///
    /// One stream a process and signal: a second one would share them with the first.
    public static func stream(of signals: [Int32]) -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let queue = DispatchQueue(label: "muster.signals")
            let sources = signals.map { number in
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { continuation.yield(number) }
                return source
            }
            for source in sources { source.resume() }
            continuation.onTermination = { _ in
                for source in sources { source.cancel() }
            }
        }
    }
}
