import MusterCore
import MusterRuntime

/// What the listeners of one server share.
final class Service: Sendable {
    /// What is taken, and how errors look.
    let configuration: HTTPServerConfiguration
    /// Who answers.
    let handler: any RequestHandler
    /// Where to say what happens.
    let log: Log
    /// What is in hand.
    let traffic: Traffic
    /// Who notices clients that leave.
    let watch: HangUpWatch

    /// Starts the watch.
    init(
        configuration: HTTPServerConfiguration, handler: any RequestHandler, log: Log
    ) throws(Problem) {
        let traffic = Traffic()
        let limits = configuration.limits
        self.configuration = configuration
        self.handler = handler
        self.log = log
        self.traffic = traffic
        watch = try HangUpWatch(
            onHangUp: { key in traffic.exchange(key)?.cancelHandler() },
            onTick: { Self.sweep(traffic, limits) })
    }

    /// The answer for a refused request.
    func response(to refusal: Refusal, requestID: String) -> ServerResponse {
        ServerResponse(
            status: refusal.status, type: "application/json",
            body: configuration.errorBody(refusal.problem, requestID))
    }

    /// Cuts off clients that take too long and gives up on handlers that do.
    private static func sweep(_ traffic: Traffic, _ limits: HTTPServerConfiguration.Limits) {
        let now = ContinuousClock.now
        for connection in traffic.connections {
            connection.cutIfOwing(since: now - limits.receiveTime)
        }
        for exchange in traffic.exchanges {
            exchange.giveUpIfOverdue(at: now)
        }
    }
}
