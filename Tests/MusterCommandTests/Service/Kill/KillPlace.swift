import MusterRuntime
import MusterTesting
import Testing

/// A fault point, and for which time it is come to.
struct KillPlace: Hashable, Sendable, CustomTestStringConvertible {
    let point: FaultPoint
    var time = 1

    /// As the program's environment names it.
    var name: String { "\(point.rawValue):\(time)" }
    var testDescription: String { name }

    /// Every place that the matrix kills at: every fault point that the engine comes to, some of them more than
    /// once.
    static let all = FaultPoint.allCases.filter { !elsewhere.contains($0) }.flatMap { point in
        (1...point.scenario.times).map { KillPlace(point: point, time: $0) }
    }

    /// Those that only the other engine comes to: a server is backed up by its own means, and has a clock of its
    /// own.
    static let elsewhere: Set<FaultPoint> =
        StoreEngine.chosen == .sqlite ? [] : [.backupUnnamed, .backupAudited, .clockSet]
}
