public import MusterCore

/// All that a simulation came to: the result, and what pictures and scenarios need beside it.
public struct SimulationReport: Sendable {
    /// What programs read.
    public var result: SimulationResult
    /// What stood when.
    public var series: SimulationSeries
    /// What became of the instances of each launch config, in the order of the pool.
    public var launchConfigs: [LaunchConfigOutcome]
    /// How long each tenant's tasks waited.
    public var tenants: [TenantOutcome]
    /// The most capacity that was counted against the maximum.
    public var peakCapacity: Int
    /// How often a task's worker was lost.
    public var lostRuns: Int

    /// What became of a launch config's instances.
    public struct LaunchConfigOutcome: Hashable, Sendable {
        /// Its name.
        public var id: LaunchConfigID
        /// Instances asked for.
        public var asked: Int
        /// Those that the cloud refused.
        public var refused: Int
        /// Those whose workers registered.
        public var registered: Int
        /// Those whose workers never did.
        public var neverRegistered: Int
        /// Those that the cloud took back.
        public var interrupted: Int
    }

    /// How a tenant fared.
    public struct TenantOutcome: Hashable, Sendable {
        /// Who.
        public var tenant: Tenant
        /// How many tasks it had.
        public var tasks: Int
        /// How long they waited.
        public var waitSeconds: SimulationResult.Waits
    }
}

extension Simulation {
    /// What it has come to.
    func report() -> SimulationReport {
        let trace = setup.trace
        var waits: [[Int64]] = Array(repeating: [], count: trace.tenants.count)
        var taskTime: Int64 = 0
        for (task, progress) in zip(trace.tasks, tasks) where progress.ends > 0 {
            waits[task.tenant].append(progress.waited)
            taskTime += task.duration
        }
        let outcomes = zip(setup.pool.configs, recorder.instances).map { config, instances in
            SimulationReport.LaunchConfigOutcome(
                id: config.id, asked: instances.asked, refused: instances.refused,
                registered: instances.registered, neverRegistered: instances.neverRegistered,
                interrupted: instances.interrupted)
        }
        let all = waits.flatMap { $0 }
        let failed = outcomes.reduce(0) { $0 + $1.refused + $1.neverRegistered }
        return SimulationReport(
            result: SimulationResult(
                policy: policy.name, trace: trace.name, seed: setup.seed, tasks: trace.tasks.count,
                unfinished: isDone ? nil : trace.tasks.count - all.count,
                waitSeconds: SimulationResult.Waits(all), workerHours: hours(recorder.billed),
                taskHours: hours(taskTime),
                utilisation: recorder.billed > 0 ? Double(taskTime) / Double(recorder.billed) : 0,
                launches: outcomes.reduce(0) { $0 + $1.asked }, failedLaunches: failed,
                idleHours: hours(recorder.idle), recoverySeconds: recoverySeconds),
            series: recorder.series, launchConfigs: outcomes,
            tenants: zip(trace.tenants, waits).map {
                SimulationReport.TenantOutcome(
                    tenant: $0, tasks: $1.count, waitSeconds: SimulationResult.Waits($1))
            }, peakCapacity: recorder.peakCapacity, lostRuns: tasks.reduce(0) { $0 + $1.lostRuns })
    }

    private var recoverySeconds: Double? {
        let times = recorder.recoveries.compactMap(\.recoveredAfter)
        guard times.count == recorder.recoveries.count else { return nil }
        return times.max().map { Double($0) / 1_000 }
    }

    private func hours(_ milliseconds: Int64) -> Double { Double(milliseconds) / 3_600_000 }
}
