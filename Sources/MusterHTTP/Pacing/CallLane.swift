import MusterRuntime

/// Everything that calls of one kind share.
final class CallLane: Sendable {
    let kind: CallKind
    let gate: CallGate
    private let counted: Locked<CallFigures>

    init(_ kind: CallKind, _ rate: CallRate?, clock: any WallClock) {
        self.kind = kind
        gate = CallGate(rate, clock: clock)
        counted = Locked(CallFigures(kind))
    }

    /// Counts something.
    func count(_ body: (inout CallFigures) -> Void) {
        counted.withLock { body(&$0) }
    }

    /// What was counted, and how things stand now.
    var figures: CallFigures {
        var figures = counted.withLock { $0 }
        let gate = gate.look()
        figures.waiting = gate.waiting
        figures.tokens = gate.tokens
        figures.pace = gate.pace
        figures.pauseSeconds = gate.pause / .seconds(1)
        return figures
    }
}
