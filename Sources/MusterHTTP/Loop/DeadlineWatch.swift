/// The earliest of many deadlines.
///
/// One that is no longer needed is not taken out: the loop then looks once too often, and starts anew with
/// the deadlines that are left.
struct DeadlineWatch {
    private var earliest: ContinuousClock.Instant?

    mutating func add(_ deadline: ContinuousClock.Instant) {
        earliest = min(earliest ?? deadline, deadline)
    }

    func isDue(_ now: ContinuousClock.Instant) -> Bool {
        earliest.map { $0 <= now } ?? false
    }

    /// Milliseconds until the earliest, rounded up, so that nobody wakes just before it.
    func wait(from now: ContinuousClock.Instant, atMost longest: Duration) -> Int32 {
        let wait = min(earliest.map { now.duration(to: $0) } ?? longest, longest)
        return wait <= .zero ? 0 : Int32((wait / .milliseconds(1)).rounded(.up))
    }
}
