import CLinux
import Glibc

/// A hold on one process, which stays on that process even when its id is given to another.
public final class ProcessHandle: Sendable {
    /// What became of a signal.
    public enum Delivery: Hashable, Sendable {
        /// The process has it.
        case delivered
        /// The process has ended.
        case gone
        /// This process may not signal that one.
        case refused
    }

    private struct State {
        var token: UInt64?
        var hasEnded = false
        var handlers: [@Sendable () -> Void] = []
    }

    /// The process's id.
    public let pid: Int32
    private let descriptor: OwnedDescriptor
    private let state = Locked(State())

    private init(pid: Int32, descriptor: OwnedDescriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    deinit {
        if let token = state.withLock({ $0.token }) { ExitWatch.shared.remove(token, descriptor.number) }
    }

    /// Takes hold of the process that has this id now; nil when there is none.
    ///
    /// A zombie can be held too. Whether it is the process that was meant is for the caller to find out,
    /// from its start time, after this call.
    public static func open(_ pid: Int32) throws(SystemError) -> ProcessHandle? {
        let number = pidfd_open(pid, 0)
        guard number >= 0 else {
            // EINVAL: the id is that of a thread, or no id at all.
            if errno == ESRCH || errno == EINVAL { return nil }
            throw SystemError(errno, "take hold of process \(pid)")
        }
        return ProcessHandle(pid: pid, descriptor: OwnedDescriptor(number))
    }

    /// Takes hold of the process that was started with this id at this time; nil when that one is gone from
    /// the process table.
    public static func open(_ pid: Int32, startedAt startTime: UInt64) throws(SystemError) -> ProcessHandle? {
        guard let handle = try open(pid), let status = try ProcessStatus.read(pid),
            status.startTime == startTime
        else { return nil }
        return handle
    }

    /// Sends a signal.
    @discardableResult
    public func signal(_ number: Int32) -> Delivery {
        if pidfd_send_signal(descriptor.number, number, nil, 0) == 0 { return .delivered }
        return errno == EPERM ? .refused : .gone
    }

    /// Calls `handler` once when the process has ended, at once if it has already; on a thread that must not
    /// be held up. Never called after this object is gone.
    public func onExit(_ handler: @escaping @Sendable () -> Void) throws(SystemError) {
        let isOver = try state.withLock { (state) throws(SystemError) in
            if state.hasEnded { return true }
            if state.token == nil {
                state.token = try ExitWatch.shared.add(descriptor.number) { [weak self] in self?.end() }
            }
            state.handlers.append(handler)
            return false
        }
        if isOver { handler() }
    }

    private func end() {
        let handlers = state.withLock { state in
            state.hasEnded = true
            defer { state.handlers = [] }
            return state.handlers
        }
        for handler in handlers { handler() }
    }
}
