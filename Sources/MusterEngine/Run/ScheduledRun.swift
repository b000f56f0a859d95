public import MusterCore
public import MusterEvents
import MusterClouds
import MusterRuntime
import MusterStore

/// One run from a timer: looks at what is there, makes one pass over every pool, waits for what it launched,
/// delivers the events, and is done.
///
/// It works on the pools, and does what else is done once for all, that no other process has.
///
/// Whatever fails is told at the end and stops nothing else. A run that is killed is continued by the next one,
/// like a service that is.
public struct ScheduledRun: Sendable {
    private let context: EngineContext
    private let fleet: String
    private let sinks: [any EventSink]
    private let launcher: Launcher

    /// Puts a run together; nothing happens before `run`.
    ///
    /// - Parameter context: one that says that workers are not answered.
    public init(_ context: EngineContext, fleet: String, sinks: [any EventSink]) {
        self.context = context
        self.fleet = fleet
        self.sinks = sinks
        launcher = Launcher(context)
    }

    /// Does everything once.
    ///
    /// - Parameter bound: how long launches may take to settle; what has not by then is left to the next run.
    public func run(settlingWithin bound: Duration) async -> ScheduledRunReport {
        var report = ScheduledRunReport(startedAt: context.clock.now())
        await attempt("leases", &report) {
            try await launcher.leases.hold(try await context.store.read { try await $0.poolIDs() })
        }
        await attempt("launches", &report) { _ = try await launcher.recover() }
        await launcher.finish(within: bound)
        await reconcile(&report)
        await attempt("tasks", &report) { _ = try await TaskDesk(context, launcher.leases).expire() }
        await attempt("workers", &report) { try await WorkerWatch(context, launcher.leases).runToEnd() }
        await passOverPools(&report)
        await launcher.finish(within: bound)
        // Passes may have retired some, and launches may have brought some that are gone already.
        await attempt("workers", &report) { try await WorkerWatch(context, launcher.leases).runToEnd() }
        await attempt("retention", &report) { try await RetentionSweep(context).run() }
        await attempt("leases", &report) { try await launcher.leases.release() }
        await deliver(&report)
        await attempt("leases", &report) { try await context.presence.leave() }
        for provider in context.providers.values { await provider.shutDown() }
        report.unsettled =
            (try? await context.store.read { try await $0.plannedLaunches(limit: 1_000).count }) ?? 0
        report.finishedAt = context.clock.now()
        return report
    }

    /// What the passes would decide now; changes nothing.
    public func plans() async throws -> [PlanDocument] {
        var plans: [PlanDocument] = []
        for pool in try await context.store.read({ try await $0.poolIDs() }) {
            let pass = PoolPass(pool, in: context, launcher: launcher)
            if let plan = try await pass.decide() { plans.append(plan) }
        }
        return plans
    }

    private func reconcile(_ report: inout ScheduledRunReport) async {
        let outcomes = await withTaskGroup(of: (String, (any Error)?).self) { group in
            for reconciler in Reconciler.all(in: context) {
                group.addTask {
                    do {
                        try await reconciler.run()
                        return (reconciler.name, nil)
                    } catch is HeldElsewhere {
                        return (reconciler.name, nil)
                    } catch {
                        return (reconciler.name, error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (part, error) in outcomes.sorted(by: { $0.0 < $1.0 }) {
            if let error { note(error, of: part, in: &report) }
        }
    }

    /// Makes a pass over each pool, some beside each other: a slow task source delays few.
    private func passOverPools(_ report: inout ScheduledRunReport) async {
        var pools: [PoolID] = []
        await attempt("pools", &report) { pools = try await context.store.read { try await $0.poolIDs() } }
        let outcomes = await withTaskGroup(of: (PoolID, Result<PoolPass.Outcome?, any Error>).self) { group in
            var waiting = pools[...]
            func begin() {
                guard let pool = waiting.popFirst() else { return }
                group.addTask { (pool, await pass(over: pool)) }
            }
            for _ in 0..<EnginePolicy.poolsAtOnce { begin() }
            var outcomes: [PoolID: Result<PoolPass.Outcome?, any Error>] = [:]
            while let (pool, outcome) = await group.next() {
                outcomes[pool] = outcome
                begin()
            }
            return outcomes
        }
        for pool in pools {
            switch outcomes[pool] {
            case .success(let outcome?):
                report.pools.append(.init(outcome.document, heldBy: outcome.heldBy))
            case .failure(let error): note(error, of: "pass:\(pool)", in: &report)
            case .success(nil), nil: break
            }
        }
    }

    private func pass(over pool: PoolID) async -> Result<PoolPass.Outcome?, any Error> {
        await Log.within("pass", "pass:\(pool)#1") {
            do {
                return .success(try await PoolPass(pool, in: context, launcher: launcher).pass())
            } catch {
                return .failure(error)
            }
        }
    }

    private func deliver(_ report: inout ScheduledRunReport) async {
        for sink in sinks {
            var delivered = 0
            await attempt("publish:\(sink.name)", &report) {
                delivered = try await Publisher(sink, fleet: fleet, in: context).run()
            }
            report.events += delivered
            await sink.close()
        }
    }

    private func attempt(
        _ part: String, _ report: inout ScheduledRunReport, _ body: () async throws -> Void
    ) async {
        do { try await body() } catch is HeldElsewhere {
            // Another process does it.
        } catch { note(error, of: part, in: &report) }
    }

    private func note(_ error: any Error, of part: String, in report: inout ScheduledRunReport) {
        context.log.error("a part of the run failed", ["part": part, "error": "\(error)"])
        report.problems.append(.init(part: part, error))
    }
}
