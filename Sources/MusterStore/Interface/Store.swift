public import MusterCore

/// The durable state of Muster.
///
/// Every engine gives the same promises: a write is all or nothing and durable when the call returns; writes
/// appear to happen one after another; a read sees one moment of the whole store.
public protocol Store: ReadableStore {
    /// Runs `body` as one transaction and commits it, perhaps together with others that wait beside it.
    ///
    /// It follows all writes whose scope overlaps with `scope`, and sees what they did.
    ///
    /// The body may run again on some engines, so it must have no effect beyond the transaction, and it must
    /// await nothing but the transaction.
    /// - Throws: what the body threw, and then nothing of it is stored; or `Problem` `store-failed`,
    ///   `store-full`.
    func write<Result: Sendable>(
        in scope: WriteScope, _ body: @escaping @Sendable (any WriteTransaction) async throws -> Result
    ) async throws -> Result

    /// Lets go of the store; later calls throw.
    func close() async
}

/// The durable state for those that only read it.
public protocol ReadableStore: Sendable {
    /// Runs `body` on one moment of the store, beside writes.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result

    /// The same on a moment at which every event that was committed before the call has its position in the
    /// outbox.
    func readOutbox<Result: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) async throws -> Result
    ) async throws -> Result

    /// What committed writes signalled, coalesced, from now on; each caller gets its own stream.
    func signals() -> AsyncStream<Set<StoreSignal>>

    /// What the engine does for its own care.
    var upkeep: any StoreUpkeep { get }
}

/// What a process wants of a store.
public enum StoreAccess: Sendable {
    case readWrite
    /// Nothing is changed.
    case readOnly
}

/// What a write tells those that wait for its commit.
public enum StoreSignal: Hashable, Sendable {
    /// Something that a pass over this pool looks at has changed.
    case pool(PoolID)
    /// A task of this pool can be claimed.
    case queue(PoolID)
    /// A claim's or a task's time has changed.
    case deadlines
    /// A worker's next look has changed.
    case workers
    /// Slots of this limit may have come free, or may be had on other terms.
    case limit(LimitID)
    /// Somebody's time to hold slots, or to wait for them, has changed.
    case slots
    /// There is an event to deliver.
    case outbox
    /// Any of these may have been, and not been told.
    case everything
}
