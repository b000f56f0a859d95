public import MusterCore

/// The answer to a paced call, and what it does not tell.
public struct CallAnswer: Sendable {
    /// The final answer; or the last one that there was, when no attempt was left, or no time.
    public let response: HTTPResponse
    /// Whether an attempt may have been carried out that this answer says nothing of: one before it that was lost, or
    /// that a fault of the server's came back for, or itself when it is such a fault and not final. A refusal then
    /// does not mean that nothing was done.
    public let hadUnclearAttempt: Bool
}

/// Why a paced call has no answer, and whether it may have done something all the same.
public struct CallFailure: Error, Hashable, Sendable {
    /// What it failed of.
    public let problem: Problem
    /// Whether any attempt may have been carried out; when not, it is certain that none was.
    public let mayHaveArrived: Bool
}
