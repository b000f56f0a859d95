public import MusterCore

extension ServerRequest {
    /// Makes a request as if it had come over a connection, for callers in the same process.
    ///
    /// - Throws: `Problem` `input-malformed` for a target that the server would refuse.
    public init(
        id: String, method: String, target: String, body: [UInt8] = [], peer: Peer
    ) throws(Problem) {
        do {
            let parsed = try RequestTarget(parsing: Array(target.utf8))
            self.init(
                id: id, method: method, path: parsed.path, rawTarget: target, query: parsed.query, body: body,
                peer: peer)
        } catch {
            throw error.problem
        }
    }
}
