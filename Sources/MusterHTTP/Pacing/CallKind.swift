/// What shares a rate: calls of one kind to one region of one provider.
///
/// Each kind has a bucket and figures of its own, so that what one region refuses slows down no other.
public struct CallKind: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The provider's name in muster.yaml.
    public var provider: String
    /// The region, zone or location; the cloud's own word for all of them where it has none.
    public var region: String
    /// What is called, as finely as the cloud counts it: `RunInstances` or `read`.
    public var name: String

    /// Names a kind.
    public init(provider: String, region: String, name: String) {
        self.provider = provider
        self.region = region
        self.name = name
    }

    public var description: String { "\(provider) \(region) \(name)" }
}
