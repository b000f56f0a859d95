public import MusterCore

/// Somewhere that events are delivered to, at least once and in order.
public protocol EventSink: Sendable {
    /// The name under which its cursor is kept; never changes.
    var name: String { get }

    /// Delivers events, all of them or none as far as it can tell.
    ///
    /// Returns when they are safe with the receiver. What is delivered again after a crash comes with the
    /// same ids.
    func deliver(_ events: [CloudEvent]) async throws(Problem)

    /// Lets go of files and connections.
    func close() async
}
