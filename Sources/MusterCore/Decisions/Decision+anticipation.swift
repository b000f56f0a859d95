extension Decision {
    /// What is wanted in view of what is to be expected until a worker that is launched now would come.
    ///
    /// While nothing waits it is what runs and the headroom. While something waits it is what waits and runs, and
    /// what is expected to come beyond what running workers get through with, or less. It never falls when more
    /// waits: what would be wanted if nothing did is wanted at least.
    /// - Parameters:
    ///   - claimed: the tasks that run.
    ///   - asked: the capacity that is asked for by tasks that wait.
    ///   - running: the capacity of running workers.
    static func anticipated(
        _ snapshot: PoolSnapshot, claimed: Int, asked: Int, running: Int, _ reasons: inout [PlanReason]
    ) -> Int {
        let plain = claimed + asked
        let headroom = snapshot.headroom(over: plain)
        // What waits is taken by idle workers first, and the headroom is wanted on top of them.
        var wanted = max(claimed, min(plain, running)) + headroom
        if asked > 0 {
            wanted = max(wanted, plain + snapshot.change(whileWaiting: headroom, running: running))
        }
        if wanted > plain { reasons.append(.headroom(wanted - plain, lead: snapshot.outlook.lead)) }
        if wanted < plain { reasons.append(.freedFirst(plain - wanted, lead: snapshot.outlook.lead)) }
        return wanted
    }
}

extension PoolSnapshot {
    /// The room that is wanted beyond so many tasks that wait and run, while none of them waits for long.
    fileprivate func headroom(over tasks: Int) -> Int {
        let own =
            switch anticipation.headroom {
            case .auto: outlook.rise
            case .none: 0
            case .fixed(let capacity): capacity
            case .percent(let percent): Int((Double(tasks) * percent / 100).rounded(.up))
            }
        return max(own, scheduledHeadroom)
    }

    private var scheduledHeadroom: Int { scheduled?.headroom ?? 0 }

    /// What is wanted beyond what waits and runs, or less, while something waits. Only what runs gets free.
    fileprivate func change(whileWaiting headroom: Int, running: Int) -> Int {
        let isCounted = anticipation.countsOnFreed && running > 0
        let fall = isCounted ? min(0, outlook.riseWhileWaiting) : 0
        guard anticipation.headroom == .auto else { return headroom + fall }
        return max(fall, outlook.riseWhileWaiting, scheduledHeadroom + fall)
    }

    /// The idle capacity that is kept beyond so many tasks that wait and run.
    func spare(beyond tasks: Int) -> Int {
        max(headroom(over: tasks), anticipation.keepsByNeed ? outlook.peak : 0)
    }
}
