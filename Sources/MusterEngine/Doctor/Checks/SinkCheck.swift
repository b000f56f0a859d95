import MusterCore
import MusterStore

extension DoctorCheck {
    /// Whether every sink gets its events.
    static let sinks = DoctorCheck("sinks") { patient in
        var backlogs: [(sink: String, backlog: SinkBacklog)] = []
        for sink in patient.sinks {
            backlogs.append(
                (sink, try await patient.context.store.upkeep.read { try await $0.backlog(of: sink) }))
        }
        return judge(
            backlogs, retention: patient.context.policy.retention.events, at: patient.now)
    }

    static func judge(
        _ backlogs: [(sink: String, backlog: SinkBacklog)], retention: Duration, at now: Timestamp
    ) -> Judgement {
        guard !backlogs.isEmpty else { return .ok("no sink is configured") }
        let lines = backlogs.map { sink, backlog in
            "\(sink): \(backlog.events) events" + (backlog.oldest.map { ", the first of \($0)" } ?? "")
        }
        let ages = backlogs.compactMap { $0.backlog.oldest.map { now - $0 } }
        let oldest = ages.max() ?? .zero
        if oldest > retention * DoctorPolicy.retentionUsed {
            return .failed(
                "events that a sink has not got will soon be forgotten",
                do: "mend the sink (the service's log says what is wrong), or keep events for longer with "
                    + "retention.events", lines)
        }
        let most = backlogs.map(\.backlog.events).max() ?? 0
        guard oldest <= DoctorPolicy.backlogAge, most <= DoctorPolicy.backlogEvents else {
            return .warning(
                "a sink is behind", do: "see the loops publish:SINK of the service, and its log", lines)
        }
        return .ok("every sink has got its events", lines)
    }
}
