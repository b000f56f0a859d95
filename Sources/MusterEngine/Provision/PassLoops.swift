import MusterCore
import MusterRuntime
import MusterStore

/// A loop for each pool of this process's share, begun when the pool is first heard of and ended when it is gone
/// or another's.
final class PassLoops: Sendable {
    private let context: EngineContext
    private let launcher: Launcher
    private let state = Locked(State())

    private struct State {
        var loops: [PoolID: (loop: Loop, task: Task<Void, Never>)] = [:]
        /// What this process works on, or would if it were not just letting go of it.
        var share: Set<PoolID> = []
        var others: Set<PoolID> = []
        var leaving: [PoolID: Task<Void, Never>] = [:]
        var isStopped = false
    }

    init(_ context: EngineContext, launcher: Launcher) {
        self.context = context
        self.launcher = launcher
    }

    /// What each loop last did, and when; by pool.
    var statuses: [LoopStatus] {
        state.withLock { $0.loops.sorted { $0.key < $1.key }.map(\.value.loop.status) }
    }

    /// Works on these of all pools from now on, and on no others.
    func work(on share: Set<PoolID>, of all: Set<PoolID>) {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.share = share
            state.others = all.subtracting(share)
            for pool in share where state.loops[pool] == nil && state.leaving[pool] == nil {
                begin(pool, &state)
            }
            for pool in state.loops.keys where !share.contains(pool) { leave(pool, &state) }
        }
    }

    /// Lets a pool's pass run soon; false when nobody has heard of the pool yet.
    func wake(_ pool: PoolID) -> Bool {
        let (loop, isKnown) = state.withLock { state in
            (state.loops[pool]?.loop, state.share.contains(pool) || state.others.contains(pool))
        }
        loop?.wake()
        return isKnown
    }

    /// Lets the passes run soon that found another process at work.
    func wakeHeldElsewhere() {
        for loop in state.withLock({ $0.loops.values.map(\.loop) }) where loop.status.heldBy != nil {
            loop.wake()
        }
    }

    /// Lets the pass of every pool that is known run soon.
    func wakeAll() {
        for loop in state.withLock({ $0.loops.values.map(\.loop) }) { loop.wake() }
    }

    /// Ends all loops, and begins no others.
    func stop() async {
        let (tasks, leaving) = state.withLock { state in
            state.isStopped = true
            defer { (state.loops, state.leaving) = ([:], [:]) }
            return (state.loops.values.map(\.task), Array(state.leaving.values))
        }
        for task in tasks + leaving { task.cancel() }
        for task in tasks { await task.value }
    }

    private func begin(_ pool: PoolID, _ state: inout State) {
        let pass = PoolPass(pool, in: context, launcher: launcher)
        let loop = Loop(
            "pass:\(pool)", every: context.policy.passInterval, gap: context.policy.passGap, in: context
        ) {
            try await pass.run()
        }
        state.loops[pool] = (loop, Task { await loop.run() })
    }

    /// Ends a pool's loop and lets go of the pool when nothing of it is in flight any more: what is answered after
    /// that nobody could write down.
    private func leave(_ pool: PoolID, _ state: inout State) {
        guard let loop = state.loops.removeValue(forKey: pool) else { return }
        loop.task.cancel()
        state.leaving[pool] = Task {
            await loop.task.value
            await launcher.settled(of: pool)
            await release(pool)
            self.state.withLock { state in
                state.leaving[pool] = nil
                if !state.isStopped, state.share.contains(pool) { begin(pool, &state) }
            }
        }
    }

    private func release(_ pool: PoolID) async {
        var failures = 0
        while !Task.isCancelled {
            do { return try await launcher.leases.release(pool) } catch {
                failures += 1
                context.log.error(
                    "a pool could not be let go", ["pool": pool.rawValue, "error": "\(error)"])
                try? await context.clock.sleep(for: context.delay(afterFailures: failures))
            }
        }
    }
}
