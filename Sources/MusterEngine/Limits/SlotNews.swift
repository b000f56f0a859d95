import MusterCore
import MusterStore

/// Tells that slots of limits may have come free: work that is no task, workers, and passes, for which the tasks
/// that waited for them are demand now.
struct SlotNews: Sendable {
    let store: any ReadableStore
    let desk: LimitDesk
    let queue: QueueService
    let passes: PassLoops

    func tell(_ limits: Set<LimitID>) async {
        guard !limits.isEmpty else { return }
        await desk.wake(limits)
        // A store that cannot be read is asked again by every loop.
        let pools = try? await store.read { try await $0.poolsWaiting(for: limits) }
        for pool in pools ?? [] {
            passes.wake(pool)
            await queue.wake(pool)
        }
    }
}
