import MusterCore
import MusterRuntime

/// Looks at EC2's own checks of instances, and at what it plans for them: one question with each listing of a region,
/// in turn.
///
/// What cannot be seen is not said: a listing does not fail for want of it.
final class StatusLook: Sendable {
    private struct Seen {
        var at: Duration
        var notices: [InstanceNotice]
    }

    private struct RegionState {
        var begunAt: Duration?
        var question = StatusQuestion.system
        var seen: [StatusQuestion: Seen] = [:]
        /// What the last look has failed of: it is told once.
        var failure: String?
    }

    private let calls: EC2Calls
    private let clock: any WallClock
    private let log: Log
    private let regions = Locked<[String: RegionState]>([:])

    init(_ calls: EC2Calls, clock: any WallClock, log: Log) {
        self.calls = calls
        self.clock = clock
        self.log = log
    }

    /// What there is to be said of a region's instances, whoever's they are, as it was seen last.
    func notices(in region: String) -> [InstanceNotice] {
        let now = clock.uptime()
        let seen = regions.withLock { $0[region]?.seen ?? [:] }
        return StatusQuestion.allCases.flatMap { question in
            guard let seen = seen[question], now - seen.at < CloudPolicy.awsStatusMemory else {
                return [InstanceNotice]()
            }
            return seen.notices
        }
    }

    /// Asks the next question, when it is time.
    func look(at region: String) async {
        let now = clock.uptime()
        let due = regions.withLock { regions -> StatusQuestion? in
            var state = regions[region] ?? RegionState()
            if let last = state.begunAt, now - last < CloudPolicy.awsStatusInterval { return nil }
            defer { regions[region] = state }
            state.begunAt = now
            let question = state.question
            state.question = question.next
            return question
        }
        guard let due else { return }
        do throws(EC2Failure) {
            let found = try await EC2Pages(calls: calls).elements(
                "instanceStatusSet/item", of: due.form, in: region)
            let notices = found.flatMap { due.notices($0, in: region) }
            regions.withLock { regions in
                regions[region]?.seen[due] = Seen(at: now, notices: notices)
                regions[region]?.failure = nil
            }
        } catch {
            let isNews = regions.withLock { regions in
                defer { regions[region]?.failure = error.code }
                return regions[region]?.failure != error.code
            }
            guard isNews else { return }
            log.warning("cannot look at the instances' checks", ["region": region, "error": error.message])
        }
    }
}
