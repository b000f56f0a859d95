import MusterCore

/// Something that answers the API's calls.
protocol ServiceCaller: Sendable {
    /// Makes a call; the status and the body of its answer.
    func call(_ method: String, _ path: String, body: [UInt8]?) async throws -> (status: Int, body: [UInt8])

    /// Lets go of it.
    func close() async
}
