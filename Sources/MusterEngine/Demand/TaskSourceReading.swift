public import MusterCore

/// Reads how much work waits in places outside Muster.
public protocol TaskSourceReading: Sendable {
    /// What is wrong with a source; fields are paths within it.
    func problems(in source: ExternalSource) -> [Problem]

    /// Reads a source now; returns soon when its task is cancelled.
    ///
    /// - Throws: `Problem`; then the demand is unknown.
    func read(_ source: ExternalSource) async throws(Problem) -> DemandReading
}

/// Stands where no source is enabled.
public struct NoTaskSources: TaskSourceReading {
    /// Makes one.
    public init() {}

    public func problems(in source: ExternalSource) -> [Problem] {
        [Problem(.inputInvalid, "is not enabled: see sources in muster.yaml", field: "kind")]
    }

    public func read(_ source: ExternalSource) async throws(Problem) -> DemandReading {
        throw Problem(.unavailable, "no task source is enabled")
    }
}
