import FoundationEssentials

/// The keys, certificates and documents of `fixtures/identity`.
public enum IdentityFixtures {
    /// Where they are.
    public static let folder =
        #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/fixtures/identity"

    /// The bytes of a file.
    public static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    /// The text of a file.
    public static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }
}
