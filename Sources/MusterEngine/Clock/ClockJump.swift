import MusterCore
import MusterRuntime
import MusterStore

/// That the clock was set, as the processes of one store tell each other: each notices it by itself, and what it
/// means is written down once.
struct ClockJump: Codable, Hashable, Sendable {
    /// When it was written down, by the clock as it was set.
    var at: Timestamp
    /// By how much it was set.
    var milliseconds: Int64
    /// Who wrote it down.
    var by: String

    /// The name of the setting that the latest of them are kept under.
    static let setting = "clock-jumps"
    /// Somebody who was halted may have missed some.
    private static let kept = 8

    /// The latest, oldest first.
    static func all(in transaction: any ReadTransaction) async throws -> [ClockJump] {
        guard let text = try await transaction.setting(setting) else { return [] }
        return try JSON.decode([ClockJump].self, from: Array(text.utf8))
    }

    /// Whether others have written down what `process` has noticed: the last of them, or the last few together.
    static func isSettled(
        _ jump: Duration, by jumps: [ClockJump], noticedBy process: String, at now: Timestamp,
        tolerance: Duration
    ) -> Bool {
        var sum = Duration.zero
        for known in jumps.reversed() where known.by != process && known.at > now - EnginePolicy.clockMemory {
            sum += .milliseconds(known.milliseconds)
            let difference = sum - jump
            if difference <= tolerance, difference >= .zero - tolerance { return true }
        }
        return false
    }

    /// Adds one; the moments of the others are moved along with the clock.
    static func add(
        _ jump: Duration, by process: String, at now: Timestamp, to jumps: [ClockJump],
        in transaction: any WriteTransaction
    ) async throws {
        var moved = jumps.suffix(kept - 1).map { known in
            ClockJump(at: known.at + jump, milliseconds: known.milliseconds, by: known.by)
        }
        moved.append(ClockJump(at: now, milliseconds: jump.milliseconds, by: process))
        try await transaction.set(setting, to: String(decoding: JSON.encode(moved), as: UTF8.self))
    }
}
