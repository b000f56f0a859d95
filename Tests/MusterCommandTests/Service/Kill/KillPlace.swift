import MusterRuntime
import Testing

/// A fault point, and for which time it is come to.
struct KillPlace: Hashable, Sendable, CustomTestStringConvertible {
    let point: FaultPoint
    var time = 1

    /// As the program's environment names it.
    var name: String { "\(point.rawValue):\(time)" }
    var testDescription: String { name }

    /// Every place that the matrix kills at: every fault point there is, some of them more than once.
    static let all = FaultPoint.allCases.flatMap { point in
        (1...point.scenario.times).map { KillPlace(point: point, time: $0) }
    }
}
