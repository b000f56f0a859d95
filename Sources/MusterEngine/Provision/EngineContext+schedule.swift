import MusterCore
import MusterRuntime

extension EngineContext {
    /// What windows ask for at a moment; nil when there are none.
    func scheduled(_ windows: [ScheduleWindow], at now: Timestamp) -> ScheduledFloor? {
        ScheduledFloor(windows, at: now) { timeZones.lastRules(of: $0) }
    }

    /// What is wrong with windows that only this machine can tell; fields are paths within a pool's config.
    func problems(in schedule: [ScheduleWindow]) -> [Problem] {
        schedule.enumerated().compactMap { index, window in
            do throws(Problem) {
                _ = try timeZones.rules(of: window.timeZone)
                return nil
            } catch {
                return Problem(.inputInvalid, error.message, field: "schedule[\(index)].timeZone")
            }
        }
    }
}
