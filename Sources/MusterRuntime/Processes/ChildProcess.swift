import CLinux
import Glibc
public import MusterCore

/// A process that this program started.
///
/// It is taken out of the process table as soon as it has ended, whether or not anybody refers to this object
/// or waits. It lives on when this program ends.
public final class ChildProcess: Sendable {
    private struct State {
        var status: ExitStatus?
        var handlers: [@Sendable (ExitStatus) -> Void] = []
    }

    /// Its id, and the id of its own group or session. Another process may have it once this one has ended.
    public let pid: Int32
    private let handle: ProcessHandle
    private let hasOwnGroup: Bool
    private let killsGroupAtExit: Bool
    private let state = Locked(State())

    private init(handle: ProcessHandle, request: SpawnRequest) {
        pid = handle.pid
        self.handle = handle
        hasOwnGroup = request.group != .inherited
        killsGroupAtExit = request.killsGroupAtExit
    }

    /// Starts a process; returns when it runs its program.
    ///
    /// - Throws: `Problem` `input-invalid` when program or folder cannot be used, `unavailable` when the
    ///   machine has run out of something, `internal-error` for the rest.
    public static func spawn(_ request: SpawnRequest) throws(Problem) -> ChildProcess {
        do throws(SystemError) {
            return try launch(request)
        } catch {
            throw error.problem
        }
    }

    /// The same with the system's own error.
    public static func launch(_ request: SpawnRequest) throws(SystemError) -> ChildProcess {
        let pid = try request.spawn()
        do throws(SystemError) {
            guard let handle = try ProcessHandle.open(pid) else {
                throw SystemError(ESRCH, "hold process \(pid)")
            }
            let child = ChildProcess(handle: handle, request: request)
            // The watch owns the child until it has ended, so that every child is reaped.
            try handle.onExit { child.end() }
            return child
        } catch {
            // A child that nobody would notice the end of must not run.
            kill(pid, SIGKILL)
            var how: Int32 = 0, value: Int32 = 0
            _ = clinux_reap(pid, &how, &value)
            throw error
        }
    }

    /// How it ended; nil while it runs.
    public var exitStatus: ExitStatus? { state.withLock { $0.status } }

    /// Waits for its end, however long that takes: cancelling the task does not end the wait.
    public func wait() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            onExit { continuation.resume(returning: $0) }
        }
    }

    /// Calls `handler` once when it has ended, at once if it has already; on a thread that must not be held up.
    public func onExit(_ handler: @escaping @Sendable (ExitStatus) -> Void) {
        let status = state.withLock { state in
            if state.status == nil { state.handlers.append(handler) }
            return state.status
        }
        if let status { handler(status) }
    }

    /// Sends it a signal; never reaches a process that got its id later.
    @discardableResult
    public func signal(_ number: Int32) -> ProcessHandle.Delivery { handle.signal(number) }

    /// Sends a signal to every process of its own group; does nothing when it has none, or has ended.
    @discardableResult
    public func signalGroup(_ number: Int32) -> ProcessHandle.Delivery {
        guard hasOwnGroup else { return .gone }
        return state.withLock { state in
            // Until it is reaped, which happens under this lock, no other group can have its id.
            guard state.status == nil else { return .gone }
            if kill(-pid, number) == 0 { return .delivered }
            return errno == EPERM ? .refused : .gone
        }
    }

    private func end() {
        let (status, handlers) = state.withLock { state in
            if killsGroupAtExit, hasOwnGroup { kill(-pid, SIGKILL) }
            var how: Int32 = 0, value: Int32 = 0
            let status: ExitStatus =
                if clinux_reap(pid, &how, &value) != 0 {
                    .unknown
                } else {
                    how == CLD_EXITED ? .code(value) : .signal(value)
                }
            state.status = status
            defer { state.handlers = [] }
            return (status, state.handlers)
        }
        for handler in handlers { handler(status) }
    }
}
