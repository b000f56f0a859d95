public import MusterCore
import MusterCrypto

extension [PoolChange] {
    /// What tells this difference from every other: whoever sends it back means this one.
    public var digest: String {
        let texts = map { change in
            Document.object([
                "pool": .string(change.workerPoolId.rawValue),
                "changes": Document(
                    .array(
                        change.changes.map {
                            .object(["what": .string($0.what), "how": .string($0.how)])
                        })),
            ])
        }
        return SHA256.hex(Document(.array(texts)).canonicalJSON)
    }
}
