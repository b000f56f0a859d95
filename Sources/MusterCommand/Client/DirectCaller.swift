import Glibc
import MusterCore
import MusterRuntime
import MusterServer
import MusterStore

/// Answers calls in this process, on the database itself, when no service runs.
///
/// The same routes as the service's; its loops do not run, so that what is ordered waits for the next start.
struct DirectCaller: ServiceCaller {
    let isServed = false
    private let parts: ServiceParts
    private let router: Router

    init(_ parts: ServiceParts) {
        self.parts = parts
        router = Router(parts.engine, log: .silent)
    }

    /// The call is done here, and takes as long as it takes.
    func call(
        _ method: String, _ path: String, body: [UInt8]?, timeout: Duration
    ) async throws -> (status: Int, body: [UInt8]) {
        let response = await router.respond(
            to: try ServerRequest(
                id: "direct", method: method, target: path, body: body ?? [],
                peer: .unixSocket(userID: geteuid())))
        return (response.status, response.body)
    }

    func close() async { await parts.close() }
}
