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
        let headroom = snapshot.headroom(over: plain, perTask: snapshot.scale.scalingRatio)
        // What waits is taken by idle workers first, and the headroom is wanted on top of them.
        var wanted = max(claimed, min(plain, running)) + headroom.capacity
        var source = headroom.source
        if asked > 0 {
            let change = snapshot.change(whileWaiting: headroom, running: running)
            if plain + change.capacity > wanted {
                (wanted, source) = (plain + change.capacity, change.source)
            }
        }
        if wanted > plain { reasons.append(.headroom(wanted - plain, source)) }
        if wanted < plain {
            let outlook = snapshot.outlook
            reasons.append(.freedFirst(plain - wanted, lead: outlook.lead, until: outlook.believedUntil))
        }
        return wanted
    }
}

/// Room beyond what waits and runs, and on whose word.
struct SpareRoom {
    var capacity: Int
    var source: HeadroomSource
}

extension PoolSnapshot {
    /// The room that is wanted beyond so many tasks that wait and run, while none of them waits for long.
    ///
    /// - Parameter ratio: the capacity that a task asks for.
    fileprivate func headroom(over tasks: Int, perTask ratio: Double) -> SpareRoom {
        let own =
            switch anticipation.headroom {
            case .auto:
                SpareRoom(
                    capacity: Int((Double(outlook.rise) * ratio).rounded(.up)),
                    source: .learned(lead: outlook.lead))
            case .none: SpareRoom(capacity: 0, source: .own)
            case .fixed(let capacity): SpareRoom(capacity: capacity, source: .own)
            case .percent(let percent):
                SpareRoom(capacity: Int((Double(tasks) * percent / 100).rounded(.up)), source: .own)
            }
        guard let scheduled, scheduled.headroom > own.capacity else { return own }
        return SpareRoom(capacity: scheduled.headroom, source: .scheduled(windows: scheduled.headroomFrom))
    }

    /// What is wanted beyond what waits and runs, or less, while something waits.
    ///
    /// A source that does not say what is claimed counts a start as an end, so that its falls say nothing.
    fileprivate func change(whileWaiting headroom: SpareRoom, running: Int) -> SpareRoom {
        let ratio = scale.scalingRatio
        let isCounted = anticipation.countsOnFreed && assumption != .noClaims
        let fall = isCounted ? Int((Double(outlook.fall(running: running)) * ratio).rounded(.up)) : 0
        guard anticipation.headroom == .auto else {
            return SpareRoom(capacity: headroom.capacity + fall, source: headroom.source)
        }
        let learned =
            outlook.riseWhileWaiting > 0 ? Int((Double(outlook.riseWhileWaiting) * ratio).rounded(.up)) : fall
        if case .scheduled = headroom.source, headroom.capacity + fall > learned {
            return SpareRoom(capacity: headroom.capacity + fall, source: headroom.source)
        }
        return SpareRoom(capacity: learned, source: .learned(lead: outlook.lead))
    }

    /// The idle capacity that is kept beyond so many tasks that wait and run.
    func spare(beyond tasks: Int) -> SpareRoom {
        let headroom = headroom(over: tasks, perTask: 1)
        guard anticipation.keepsByNeed, outlook.peak > headroom.capacity else { return headroom }
        return SpareRoom(capacity: outlook.peak, source: .learned(lead: outlook.lead))
    }
}
