/// What an answer means for the call.
public enum CallVerdict: Hashable, Sendable {
    /// It is the answer. A status of 400 or more counts as a failure in the figures.
    case done
    /// It is the answer, and says that the call has failed for good. `label`, of a closed set, names the failure
    /// in the figures: for errors that come with status 200, or that a status does not tell apart.
    case failed(label: String)
    /// A fault that passes: the call is sent again, after this time at the earliest. Without one, what the
    /// answer's `Retry-After` says holds. After a status of 500 or more, or 408, the attempt may have been carried
    /// out.
    case again(after: Duration?)
    /// Too many calls: the same, but it was certainly not carried out, and no other call of the kind is sent meanwhile.
    case throttled(after: Duration?)
}
