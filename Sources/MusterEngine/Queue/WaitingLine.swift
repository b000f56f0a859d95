import MusterStore

/// The workers of one pool that wait for tasks, in the order of their coming, and what is known of whether it
/// is worth asking the store for them.
struct WaitingLine {
    /// A worker that waits.
    struct Waiter {
        let id: UInt64
        let question: ClaimQuestion
        let continuation: CheckedContinuation<ClaimReply, any Error>
        /// How many signals there had been when the store was last asked for it; nil when it never was.
        fileprivate(set) var askedAt: UInt64?
        /// Whether a transaction that asks for it is on its way: its answer may hold tasks, and must not be
        /// lost.
        fileprivate(set) var isBeingAsked = false
        /// Whether its time is over: the next answer is its last, whatever it holds.
        fileprivate(set) var isOver = false
    }

    private(set) var waiters: [Waiter] = []
    /// Whether somebody is at work for this line.
    var isServed = false
    /// How often it was told that a task can be claimed.
    private var signals: UInt64 = 0
    /// The signals after which no task was left.
    private var exhaustedAt: UInt64 = 0

    mutating func add(
        _ id: UInt64, _ question: ClaimQuestion, _ continuation: CheckedContinuation<ClaimReply, any Error>
    ) {
        waiters.append(Waiter(id: id, question: question, continuation: continuation))
    }

    /// Notes that a task can be claimed.
    mutating func signal() { signals += 1 }

    /// Whether there is anybody to ask for.
    var needsService: Bool { waiters.contains { $0.askedAt == nil } || hasDue }

    /// Whether some who have been asked for in vain are worth asking for again: as many as there are tasks.
    var hasDue: Bool { exhaustedAt < signals && waiters.contains { isDue($0) } }

    /// Whom to ask for now: all who never were, and of the others as many as there may be tasks for.
    ///
    /// - Parameters:
    ///   - pending: how many tasks wait, read after `signalsSeen` signals; nil when nobody has looked.
    mutating func takeBatch(pending: Int?, signalsSeen: UInt64) -> [Waiter] {
        if pending == 0 { exhaustedAt = max(exhaustedAt, signalsSeen) }
        let new = waiters.filter { $0.askedAt == nil }
        var count = max(0, (pending ?? 0) - new.map(\.question.tasks).reduce(0, +))
        var batch = Set(new.map(\.id))
        // The latest to wait were busy last.
        for waiter in waiters.reversed() where count > 0 && isDue(waiter) {
            batch.insert(waiter.id)
            count -= 1
        }
        for index in waiters.indices where batch.contains(waiters[index].id) {
            waiters[index].askedAt = signals
            waiters[index].isBeingAsked = true
        }
        return waiters.filter { batch.contains($0.id) }
    }

    /// How many signals there have been.
    var signalsSeen: UInt64 { signals }

    /// A transaction has answered for a waiter. Gives the waiter when it is to be let go with that answer; nil
    /// when it left meanwhile, or waits on.
    mutating func settle(_ id: UInt64, isAnswer: Bool) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        waiters[index].isBeingAsked = false
        return isAnswer || waiters[index].isOver ? waiters.remove(at: index) : nil
    }

    /// A waiter's time is over. Gives the waiter when it is to be let go at once: one for which the store has
    /// not answered yet gets that answer.
    mutating func timeOut(_ id: UInt64) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        if waiters[index].askedAt == nil || waiters[index].isBeingAsked {
            waiters[index].isOver = true
            return nil
        }
        return waiters.remove(at: index)
    }

    /// Takes out those that fit and for whom no transaction is on its way; the others leave with its answer.
    mutating func release(where fits: (Waiter) -> Bool) -> [Waiter] {
        let released = waiters.filter { fits($0) && !$0.isBeingAsked }
        waiters.removeAll { fits($0) && !$0.isBeingAsked }
        for index in waiters.indices where fits(waiters[index]) { waiters[index].isOver = true }
        return released
    }

    /// Takes a waiter out, whatever it waits for.
    mutating func remove(_ id: UInt64) -> Waiter? {
        waiters.firstIndex { $0.id == id }.map { waiters.remove(at: $0) }
    }

    private func isDue(_ waiter: Waiter) -> Bool {
        !waiter.isBeingAsked && waiter.askedAt.map { $0 < signals } ?? false
    }
}
