import CMicroHTTPD

/// A connection as the library knows it, for suspending and resuming.
///
/// Unchecked, because the library allows any thread to resume a suspended connection. It exists for as
/// long as it is suspended; after `resume()` only the library's own thread may know it.
struct SuspendedConnection: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Takes a connection that is being served. On the library's thread.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Takes it out of the library's loop. On the library's thread.
    func suspend() { MHD_suspend_connection(pointer) }

    /// Puts it back. Once for each `suspend()`, from any thread.
    func resume() { MHD_resume_connection(pointer) }
}
