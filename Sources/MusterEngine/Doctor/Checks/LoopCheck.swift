import MusterCore

extension DoctorCheck {
    /// Whether the loops of the service come to their ends.
    static let loops = DoctorCheck("loops") { patient in
        guard let loops = patient.loops else {
            return .ok("no service runs, so that there is no loop to judge")
        }
        return judge(loops, at: patient.now)
    }

    static func judge(_ loops: [LoopStatus], at now: Timestamp) -> Judgement {
        let failing = loops.filter { $0.error != nil }
        if !failing.isEmpty {
            return .failed(
                "\(failing.count) of \(loops.count) loops failed when they last ran",
                do: "see the errors below and the service's log; they are tried again by themselves",
                failing.map { "\($0.name): \($0.error ?? "")" })
        }
        let stuck = loops.filter { $0.isBusy(since: now - DoctorPolicy.longRun) }
        guard stuck.isEmpty else {
            return .warning(
                "\(stuck.count) of \(loops.count) loops do not come to an end",
                do: "see the service's log, and whether the providers answer",
                stuck.map { "\($0.name): since \($0.begunAt?.description ?? "")" })
        }
        return .ok("\(loops.count) loops run, and none failed when it last did")
    }
}

extension LoopStatus {
    /// Whether the run that it is at began before `moment`.
    fileprivate func isBusy(since moment: Timestamp) -> Bool {
        guard let begunAt, begunAt < moment else { return false }
        let ended = [succeededAt, failedAt].compactMap(\.self).max()
        return ended.map { $0 < begunAt } ?? true
    }
}
