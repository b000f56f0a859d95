/// How far a task is.
struct TaskProgress {
    /// Since when it waits, while it does, in milliseconds.
    var pendingSince: Int64 = 0
    /// How long it has waited before its runs, together.
    var waited: Int64 = 0
    /// How often its worker was lost.
    var lostRuns = 0
    /// How often it has come to its end: once at last.
    var ends = 0
}
