import Dispatch

/// Work that can hold a thread for long, such as removing a large folder.
enum BlockingWork {
    /// Runs `body` on a thread outside the pool that serves tasks.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}
