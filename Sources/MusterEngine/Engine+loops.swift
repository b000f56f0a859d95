import MusterClouds
import MusterCore
import MusterEvents
import MusterRuntime

extension Engine {
    /// What every process does for itself: none of it is done for another, or twice.
    static func everydayLoops(
        _ context: EngineContext, _ queue: QueueService, _ tasks: TaskDesk, _ contacts: ContactBook
    ) -> [Loop] {
        let policy = context.policy
        return [
            Loop("clock", every: policy.clockInterval, gap: policy.followGap, in: context) {
                _ = try await context.moment()
                return nil
            },
            Loop("contacts", every: policy.contactInterval, gap: policy.followGap, in: context) {
                try await contacts.write()
                return nil
            },
            Loop("lines", every: policy.lineInterval, gap: policy.followGap, in: context) {
                try await queue.lookAgain()
                return nil
            },
        ]
    }

    /// What is done in the pools that this process holds, under the lease of each.
    static func poolLoops(
        _ context: EngineContext, _ shares: ShareWatch, _ tasks: TaskDesk, _ launcher: Launcher
    ) -> [Loop] {
        let policy = context.policy
        let watch = WorkerWatch(context, launcher.leases)
        return [
            Loop("replica", every: ShareWatch.interval(policy), gap: policy.followGap, in: context) {
                try await shares.run()
            },
            Loop("workers", every: policy.passInterval, gap: policy.followGap, in: context) {
                try await watch.run()
            },
            Loop(
                "tasks", every: min(policy.passInterval, QueuePolicy.deadlineLook), gap: policy.followGap,
                in: context
            ) {
                try await tasks.expire()
            },
            Loop("launches", every: policy.recoveryInterval, gap: policy.followGap, in: context) {
                try await launcher.recover()
            },
        ]
    }

    /// What one process does for all, under a lease of its own.
    static func leasedLoops(_ context: EngineContext, _ publishers: [Publisher]) -> [Loop] {
        let policy = context.policy
        let retention = RetentionSweep(context)
        var loops = [
            Loop("retention", every: policy.retentionInterval, gap: policy.followGap, in: context) {
                try await retention.run()
                return nil
            }
        ]
        for reconciler in Reconciler.all(in: context) {
            loops.append(
                Loop(reconciler.name, every: policy.reconcileInterval, gap: policy.followGap, in: context) {
                    try await reconciler.run()
                    return nil
                })
        }
        for publisher in publishers {
            loops.append(
                Loop(
                    "publish:\(publisher.sink.name)", every: policy.passInterval, gap: policy.followGap,
                    in: context
                ) {
                    try await publisher.run()
                    return nil
                })
        }
        return loops
    }
}
