import MusterCore

/// A figure of a report that a scenario can expect something of.
enum Measure: String, CaseIterable, Sendable {
    case waitMean, waitP50, waitP95, waitP99
    case workerHours, idleHours, launches, failedLaunches, unfinished, lostRuns, peakCapacity
    /// Null, as after a trouble that never ended, is infinite.
    case recoverySeconds
    /// Of one launch config.
    case asked, refused, registered, neverRegistered, interrupted

    /// Of whom a figure is, where that is not the whole pool.
    struct Subject: Hashable, Sendable {
        var launchConfig: LaunchConfigID?
        var tenant: Tenant?
    }

    /// The figure; nil when the report has no such launch config or tenant, or the figure is not of that kind.
    func value(in report: SimulationReport, of subject: Subject) -> Double? {
        if let id = subject.launchConfig {
            return report.launchConfigs.first { $0.id == id }.flatMap(value)
        }
        let tenant = subject.tenant.map { tenant in report.tenants.first { $0.tenant == tenant } }
        if let tenant { return tenant.flatMap { value(of: $0.waitSeconds) } }
        return value(of: report.result.waitSeconds) ?? value(of: report)
    }

    private func value(of waits: SimulationResult.Waits) -> Double? {
        switch self {
        case .waitMean: waits.mean
        case .waitP50: waits.p50
        case .waitP95: waits.p95
        case .waitP99: waits.p99
        default: nil
        }
    }

    private func value(of report: SimulationReport) -> Double? {
        switch self {
        case .workerHours: report.result.workerHours
        case .idleHours: report.result.idleHours
        case .launches: Double(report.result.launches)
        case .failedLaunches: Double(report.result.failedLaunches)
        case .unfinished: Double(report.result.unfinished ?? 0)
        case .lostRuns: Double(report.lostRuns)
        case .peakCapacity: Double(report.peakCapacity)
        case .recoverySeconds: report.result.recoverySeconds ?? .infinity
        default: nil
        }
    }

    private func value(_ outcome: SimulationReport.LaunchConfigOutcome) -> Double? {
        switch self {
        case .asked: Double(outcome.asked)
        case .refused: Double(outcome.refused)
        case .registered: Double(outcome.registered)
        case .neverRegistered: Double(outcome.neverRegistered)
        case .interrupted: Double(outcome.interrupted)
        default: nil
        }
    }
}
