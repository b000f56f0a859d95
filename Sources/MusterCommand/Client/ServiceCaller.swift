import MusterCore

/// Something that answers the API's calls.
protocol ServiceCaller: Sendable {
    /// Whether a service is behind it, whose loops do what is ordered.
    var isServed: Bool { get }

    /// Makes a call; the status and the body of its answer.
    func call(_ method: String, _ path: String, body: [UInt8]?) async throws -> (status: Int, body: [UInt8])

    /// Lets go of it.
    func close() async
}
