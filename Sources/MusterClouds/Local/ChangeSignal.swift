import MusterRuntime

/// Tells one reader at a time that something may have changed.
final class ChangeSignal: Sendable {
    private let reader = Locked<AsyncStream<Void>.Continuation?>(nil)

    /// A stream for a new reader; the one before ends. Signals that are not read in time become one.
    func stream() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        replace(by: continuation)
        return stream
    }

    /// Signals a change.
    func send() { _ = reader.withLock { $0 }?.yield() }

    /// Ends the stream.
    func finish() { replace(by: nil) }

    private func replace(by next: AsyncStream<Void>.Continuation?) {
        let last = reader.withLock { reader in
            defer { reader = next }
            return reader
        }
        last?.finish()
    }
}
