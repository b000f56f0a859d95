import CCrypto

/// Calls of libcrypto whose errors are told by their results.
enum Library {
    /// Runs `body` and leaves the thread's queue of errors empty, as it must be before the next call.
    ///
    /// The queue belongs to the thread, so the body has no `await` in it.
    static func call<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return try body()
    }
}
