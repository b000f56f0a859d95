import MusterCore

/// Something that answers the API's calls.
protocol ServiceCaller: Sendable {
    /// Whether a service is behind it, whose loops do what is ordered.
    var isServed: Bool { get }

    /// Makes a call, and waits for its answer for `timeout` at most; its status and body.
    func call(
        _ method: String, _ path: String, body: [UInt8]?, timeout: Duration
    ) async throws -> (status: Int, body: [UInt8])

    /// Lets go of it.
    func close() async
}
