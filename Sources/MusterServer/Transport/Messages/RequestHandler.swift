/// Answers requests; the routes are one.
public protocol RequestHandler: Sendable {
    /// The answer to `request`.
    ///
    /// Runs in a task of its own, which is cancelled when the server stops for longer than its grace
    /// time, when the request takes longer than `HTTPServerConfiguration.Limits.handlerTime`, and, after
    /// `ServerRequest.watchForHangUp()`, when the client leaves. A cancelled handler should return soon;
    /// what it returns is sent if anybody is still there to take it.
    func respond(to request: ServerRequest) async -> ServerResponse
}
