/// What goes wrong with a call to the fake.
public enum FakeEC2Fault: Hashable, Sendable {
    /// "Too many calls", and nothing is done.
    case throttled
    /// A fault of EC2's own; nothing is done.
    case internalError
    /// The connection drops before anything is done.
    case lostBefore
    /// It is done, and the connection drops instead of the answer.
    case lostAfter
    /// It is done, and half of the answer comes.
    case halfAnswer
    /// It is done, and the answer comes twice.
    case answersTwice
    /// It is done twice, as if the network had repeated the request, and the second answer comes.
    case doneTwice
    /// It is done, and the answer comes after so many milliseconds.
    case late(Int)
    /// There is no capacity for anything in this call.
    case noCapacity
    /// A fleet finds its template missing for every override, and its token is used up.
    case noTemplate
    /// It is answered with this error, and nothing is done.
    case error(status: Int, code: String, message: String)
    /// It is done, and answered with this error, as by somebody on the way.
    case errorAfter(status: Int, code: String)
    /// It is answered with this error and everything that was sent, as services do that do not like a signature.
    case echo(status: Int, code: String)
    /// It is answered with this text and status 200, and nothing is done.
    case text(String)
}

/// How often things go wrong, each a probability for every call that it can befall.
public struct FakeEC2Chances: Sendable {
    /// A launch finds no capacity.
    public var noCapacity: Double
    /// A call is throttled.
    public var throttled: Double
    /// A call is done and its answer is lost.
    public var lost: Double
    /// A call is done twice.
    public var twice: Double

    /// Chances; by default, nothing goes wrong.
    public init(noCapacity: Double = 0, throttled: Double = 0, lost: Double = 0, twice: Double = 0) {
        self.noCapacity = noCapacity
        self.throttled = throttled
        self.lost = lost
        self.twice = twice
    }
}

extension DealtFaults {
    /// Counts what was done to a call, as far as other clouds do it too.
    mutating func note(_ fault: FakeEC2Fault?, of action: String) {
        let kind: DealtFault
        switch fault {
        case .throttled?: kind = .throttled
        case .lostBefore?, .lostAfter?, .halfAnswer?, .errorAfter?: kind = .lost
        case .doneTwice?, .answersTwice?: kind = .twice
        case .noCapacity?: kind = .refused
        case .internalError?, .late?, .error?, .noTemplate?, .echo?, .text?, nil: return
        }
        note(kind, isLaunch: action == "RunInstances" || action == "CreateFleet")
    }
}
