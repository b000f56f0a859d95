import MusterAPI
import MusterCore

/// Workers in words and tables.
enum WorkerText {
    /// Workers one below the other.
    static func table(of workers: [WorkerDocument], at now: Timestamp) -> Table {
        var table = Table([
            .text("POOL"), .text("WORKER"), .text("STATE"), .number("CLAIMED"), .number("CAPACITY"),
            .text("LAUNCH CONFIG"), .text("REQUESTED"), .text("IDLE"), .text("REASON"),
        ])
        for worker in workers {
            table.add([
                StyledText(worker.workerPoolId.rawValue),
                StyledText("\(worker.workerGroup)/\(worker.workerId)"), state(worker), "\(worker.claimed)",
                "\(worker.capacity)", StyledText(worker.launchConfigId.rawValue),
                StyledText(HumaneTime.text(worker.requested, from: now)),
                StyledText(idleTime(worker, at: now)),
                StyledText(worker.reason ?? ""),
            ])
        }
        return table
    }

    /// For how long a worker that could work has had nothing to do.
    private static func idleTime(_ worker: WorkerDocument, at now: Timestamp) -> String {
        guard worker.claimed == 0, worker.stoppingSince == nil, worker.stopped == nil,
            let since = worker.idleSince
        else { return "" }
        return HumaneTime.text(max(.zero, now - since))
    }

    /// Everything there is to see of a worker.
    static func show(_ worker: WorkerDocument, at now: Timestamp, to output: Terminal) throws {
        try output.print(StyledText(worker.key.description, .strong) + "  " + state(worker))
        if let reason = worker.reason { try output.print(StyledText("reason     \(reason)")) }
        try output.print("config     \(worker.launchConfigId), launch \(worker.launchId)")
        try output.print("instance   \(worker.instanceId) at \(worker.providerId)")
        try output.print("capacity   \(worker.capacity), \(worker.claimed) claimed")
        let moments: [(String, Timestamp?)] = [
            ("requested", worker.requested), ("started", worker.started), ("registered", worker.registered),
            ("contact", worker.lastContact), ("idle since", worker.claimed == 0 ? worker.idleSince : nil),
            ("suspected", worker.suspectedSince), ("stopping", worker.stoppingSince),
            ("stopped", worker.stopped),
        ]
        for (name, moment) in moments {
            guard let moment else { continue }
            try output.print(
                StyledText(name).padded(to: 11) + StyledText(HumaneTime.text(moment, from: now)))
        }
        for run in worker.runs ?? [] {
            let end = run.takenUntil.map { ", its claim ends \(HumaneTime.text($0, from: now))" } ?? ""
            try output.print("runs       \(run.taskId) of \(run.tenant), run \(run.runId)\(end)")
        }
    }

    /// Where a worker is counted.
    static func state(_ worker: WorkerDocument) -> StyledText {
        let style: Style =
            switch worker.state {
            case .running: .good
            case .requested: .accent
            case .suspected, .quarantined, .draining, .stopping: .warning
            case .overdue: .bad
            case .stopped: .faint
            }
        return StyledText(worker.state.rawValue, style)
    }
}
