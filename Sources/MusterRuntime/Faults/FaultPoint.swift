import Glibc

/// The durable steps at which a test can let the process die.
///
/// A debug build that has `MUSTER_FAULT=NAME` in its environment kills itself with SIGKILL when it reaches
/// that step: nothing runs after it, no handler, no flush. In a release build `reach` is nothing.
public enum FaultPoint: String, CaseIterable, Sendable {
    /// The intent of a launch is committed; its call has not been sent.
    case launchIntended = "launch-intended"
    /// A local instance's process has been started; its record is not written.
    case launchStarted = "launch-started"
    /// Every instance of a launch runs and is recorded; the launch is not settled.
    case launchAnswered = "launch-answered"
    /// The launch is settled; nothing has followed from it yet.
    case launchSettled = "launch-settled"

    /// Dies here if a test says so.
    @inline(__always)
    public static func reach(_ point: FaultPoint) {
        #if DEBUG
            if point == chosen { kill(getpid(), SIGKILL) }
        #endif
    }

    #if DEBUG
        private static let chosen = getenv("MUSTER_FAULT").flatMap {
            FaultPoint(rawValue: String(cString: $0))
        }
    #endif
}
