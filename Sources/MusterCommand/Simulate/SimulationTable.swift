import MusterSimulator

/// What simulations came to, as a person reads it.
struct SimulationTable {
    private let reports: [SimulationReport]
    private let hasTraces: Bool
    private let hasRecoveries: Bool
    private let hasUnfinished: Bool

    init(_ reports: [SimulationReport], of request: SimulationRequest) {
        self.reports = reports
        hasTraces = request.traces.count > 1
        hasRecoveries = reports.contains { $0.result.recoverySeconds != nil }
        hasUnfinished = reports.contains { $0.result.unfinished != nil }
    }

    /// A row for each policy on each workload.
    var table: Table {
        var columns: [Table.Column] = [.text("POLICY")]
        if hasTraces { columns.append(.text("TRACE")) }
        columns += [
            .number("WAIT"), .number("P50"), .number("P95"), .number("P99"), .number("WORKER HOURS"),
            .number("IDLE"), .number("USED"), .number("LAUNCHES"), .number("FAILED"),
        ]
        if hasRecoveries { columns.append(.number("RECOVERY")) }
        if hasUnfinished { columns.append(.number("NEVER DONE")) }
        var table = Table(columns)
        for report in reports { table.add(row(report.result)) }
        return table
    }

    private func row(_ result: SimulationResult) -> [StyledText] {
        var cells = [StyledText(result.policy)]
        if hasTraces { cells.append(StyledText(result.trace)) }
        let waits = result.waitSeconds
        cells += [waits.mean, waits.p50, waits.p95, waits.p99].map { StyledText(seconds($0)) }
        cells += [
            StyledText(hours(result.workerHours)), StyledText(hours(result.idleHours)),
            StyledText("\(DecimalText.of(result.utilisation * 100, places: 1)) %"), "\(result.launches)",
            "\(result.failedLaunches)",
        ]
        if hasRecoveries { cells.append(StyledText(result.recoverySeconds.map(seconds) ?? "-")) }
        if hasUnfinished { cells.append(result.unfinished.map { StyledText("\($0)", .bad) } ?? "0") }
        return cells
    }

    private func seconds(_ value: Double) -> String { "\(DecimalText.of(value, places: 1)) s" }
    private func hours(_ value: Double) -> String { "\(DecimalText.of(value, places: 1)) h" }
}
