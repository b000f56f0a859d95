public import MusterCore

/// `PUT` and `PATCH /api/muster/v1/worker-pools/{workerPoolId}/workers/{workerGroup}/{workerId}`: what a person says
/// of a worker that they make, or have made.
public struct StaticWorkerRequest: Sendable {
    /// By what its machine proves that it is this worker.
    public var secret: String?
    /// How many tasks it runs at once.
    public var capacity: Int?
    /// When it ends by itself; in a change, `never` takes an end away. A moment or `never` is sent as `expires`, a
    /// length of time as `expiresSeconds`: what is sent again then means the same end.
    public var expires: WorkerExpiry?

    /// Makes a request.
    public init(secret: String? = nil, capacity: Int? = nil, expires: WorkerExpiry? = nil) {
        self.secret = secret
        self.capacity = capacity
        self.expires = expires
    }

    /// Reads a request as it came; what is wrong is noted in `reader`.
    public init(_ reader: DocumentReader) {
        secret = reader.string("secret", limit: 1_024)
        capacity = reader.integer("capacity", 1...1_000_000)
        if let text = reader.string("expires", limit: 64) {
            if text == "never" {
                expires = .never
            } else if let moment = Timestamp(text) {
                expires = .at(moment)
            } else {
                reader.refuse("expires", "must be a time such as 2026-11-21T07:30:00Z, or never")
            }
        }
        if let time = reader.seconds("expiresSeconds", 1...Self.longestLife) {
            if reader.has("expires") { reader.refuse("expiresSeconds", "cannot stand beside expires") }
            expires = .after(time)
        }
        reader.refuseUnknown()
    }

    /// Some ten thousand years.
    private static let longestLife = 3e11
}

extension StaticWorkerRequest: Encodable {
    private enum CodingKeys: CodingKey {
        case secret, capacity, expires, expiresSeconds
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(secret, forKey: .secret)
        try container.encodeIfPresent(capacity, forKey: .capacity)
        switch expires {
        case .at(let moment): try container.encode(moment, forKey: .expires)
        case .after(let time): try container.encode(time / .seconds(1), forKey: .expiresSeconds)
        case .never: try container.encode("never", forKey: .expires)
        case nil: break
        }
    }
}
