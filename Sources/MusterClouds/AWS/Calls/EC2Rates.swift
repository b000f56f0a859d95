import MusterHTTP

/// How many calls EC2 takes in a region, as "Request throttling for the Amazon EC2 API" says: a bucket of requests for
/// each action that changes something, one for all that describe, and for two actions another one of instances.
enum EC2Rates {
    /// What shares a bucket with an action.
    static func lane(_ action: String) -> String { action.hasPrefix("Describe") ? describe : action }

    /// The name of all actions that describe.
    static let describe = "Describe"

    /// The rate of requests of a lane.
    static func rate(_ lane: String) -> CallRate {
        switch lane {
        case "RunInstances": CallRate(burst: 5, perSecond: 2)
        case "TerminateInstances": CallRate(burst: 100, perSecond: 5)
        // Nothing is published; others have measured a few a second.
        case "CreateFleet": CallRate(burst: 5, perSecond: 2)
        case describe: CallRate(burst: 100, perSecond: 20)
        default: CallRate(burst: 50, perSecond: 5)
        }
    }

    /// The rate of instances of an action that has one.
    static func instanceRate(_ action: String) -> CallRate? {
        switch action {
        case "RunInstances": CallRate(burst: 1_000, perSecond: 2)
        case "TerminateInstances": CallRate(burst: 1_000, perSecond: 20)
        default: nil
        }
    }
}
