import MusterHTTP

/// How many calls EC2 takes in a region, as "Request throttling for the Amazon EC2 API" says.
enum EC2Rates {
    /// The rate of an action.
    static func rate(_ action: String) -> CallRate {
        switch action {
        case "RunInstances": CallRate(burst: 5, perSecond: 2)
        case "TerminateInstances": CallRate(burst: 100, perSecond: 5)
        // Nothing is published; others have measured a few a second.
        case "CreateFleet": CallRate(burst: 5, perSecond: 2)
        case _ where action.hasPrefix("Describe"): CallRate(burst: 100, perSecond: 20)
        default: CallRate(burst: 50, perSecond: 5)
        }
    }
}
