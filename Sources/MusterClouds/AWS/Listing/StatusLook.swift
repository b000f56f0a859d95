import MusterCore
import MusterRuntime

/// Looks at EC2's own checks of instances, and at what it plans for them, once in a while for each region.
///
/// What cannot be seen is not said: a listing does not fail for want of it.
final class StatusLook: Sendable {
    private struct Seen {
        var at: Duration
        var notices: [InstanceNotice]
    }

    private let calls: EC2Calls
    private let clock: any WallClock
    private let log: Log
    private let seen = Locked<[String: Seen]>([:])

    init(_ calls: EC2Calls, clock: any WallClock, log: Log) {
        self.calls = calls
        self.clock = clock
        self.log = log
    }

    /// What there is to be said of a region's instances, whoever's they are.
    func notices(in region: String) async -> [InstanceNotice] {
        let now = clock.uptime()
        let (known, isDue) = seen.withLock { seen -> ([InstanceNotice], Bool) in
            let last = seen[region]
            let isDue = last.map { now - $0.at >= CloudPolicy.awsStatusInterval } ?? true
            // Whoever looks meanwhile takes what was seen before.
            if isDue { seen[region] = Seen(at: now, notices: last?.notices ?? []) }
            return (last?.notices ?? [], isDue)
        }
        guard isDue else { return known }
        do throws(EC2Failure) {
            let statuses = try await EC2Pages(calls: calls).elements(
                "instanceStatusSet/item", keeping: nil, of: QueryForm("DescribeInstanceStatus"), in: region)
            let notices = statuses.flatMap { Self.notices($0, region) }
            seen.withLock { $0[region] = Seen(at: now, notices: notices) }
            return notices
        } catch {
            log.warning(
                "cannot look at the instances' checks", ["region": region, "error": error.message])
            return known
        }
    }

    private static func notices(_ status: XMLElement, _ region: String) -> [InstanceNotice] {
        guard let id = status.text("instanceId") else { return [] }
        var notices: [InstanceNotice] = []
        for check in ["systemStatus", "instanceStatus", "attachedEbsStatus"]
        where status.text(check, "status") == "impaired" {
            notices.append(
                InstanceNotice(instanceID: "\(region)/\(id)", kind: .impaired, detail: "\(check) is impaired")
            )
        }
        for event in status.items("eventsSet") {
            let detail = event.text("description") ?? ""
            // What is over stays in the list for a week, with a word before its description.
            guard !detail.hasPrefix("[Completed]"), !detail.hasPrefix("[Canceled]") else { continue }
            notices.append(
                InstanceNotice(
                    instanceID: "\(region)/\(id)",
                    kind: .maintenance(at: event.text("notBefore").flatMap({ Timestamp($0) })),
                    detail: "\(event.text("code") ?? "event"): \(detail)"))
        }
        return notices
    }
}
