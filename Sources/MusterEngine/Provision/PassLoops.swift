import MusterCore
import MusterRuntime
import MusterStore

/// A loop for each pool, begun when the pool is first heard of and ended when it is gone.
final class PassLoops: Sendable {
    private let context: EngineContext
    private let launcher: Launcher
    private let state = Locked(State())

    private struct State {
        var loops: [PoolID: (loop: Loop, task: Task<Void, Never>)] = [:]
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

    /// Begins a loop for every pool that there is, and looks for others from time to time: another process may
    /// have defined some.
    func run() async {
        while !Task.isCancelled {
            do {
                // Only loops that were there before the reading can be of pools that are gone.
                let begun = state.withLock { Set($0.loops.keys) }
                let pools = try await context.store.read { try await $0.poolIDs() }
                for pool in pools { _ = loop(for: pool) }
                end(begun.subtracting(pools))
            } catch {
                context.log.error("the pools could not be read", ["error": "\(error)"])
            }
            try? await context.clock.sleep(for: context.policy.passInterval)
        }
    }

    /// Lets a pool's pass run soon.
    func wake(_ pool: PoolID) { loop(for: pool)?.wake() }

    /// Lets the pass of every pool that is known run soon.
    func wakeAll() {
        for loop in state.withLock({ $0.loops.values.map(\.loop) }) { loop.wake() }
    }

    /// Ends all loops, and begins no others.
    func stop() async {
        let tasks = state.withLock { state in
            state.isStopped = true
            defer { state.loops = [:] }
            return state.loops.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func loop(for pool: PoolID) -> Loop? {
        state.withLock { state in
            if let known = state.loops[pool] { return known.loop }
            guard !state.isStopped else { return nil }
            let pass = PoolPass(pool, in: context, launcher: launcher)
            let loop = Loop(
                "pass:\(pool)", every: context.policy.passInterval, gap: context.policy.passGap, in: context
            ) {
                try await pass.run()
            }
            state.loops[pool] = (loop, Task { await loop.run() })
            return loop
        }
    }

    private func end(_ pools: Set<PoolID>) {
        let ended = state.withLock { state in
            let ended = state.loops.filter { pools.contains($0.key) }
            for pool in ended.keys { state.loops[pool] = nil }
            return ended.values.map(\.task)
        }
        for task in ended { task.cancel() }
    }
}
