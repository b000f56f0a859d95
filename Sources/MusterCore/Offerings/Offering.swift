/// Something that a provider sells and may run out of: a market, an instance type and a zone together.
///
/// Its provider alone gives names their meaning; an error of capacity or quota names an offering or a scope.
public struct Offering: Hashable, Sendable {
    /// Its name, such as `spot/c5.large/us-east-1a`.
    public var name: String
    /// The wider things that it is part of and that may be used up as a whole, such as
    /// `vcpu-standard/us-east-1`.
    public var scopes: [String]

    /// Makes an offering.
    public init(name: String, scopes: [String] = []) {
        self.name = name
        self.scopes = scopes
    }

    /// Every name under which it can be marked.
    public var names: [String] { [name] + scopes }
}
