/// What a person or a service manager tells a worker's process.
public enum WorkerSignal: Hashable, Sendable {
    /// Finish what runs for a while, then end. Said twice: end at once.
    case terminate
    /// Read the work limit again.
    case reload
}
