import FoundationEssentials

extension JSONWebToken {
    /// A value of a header or of a claim.
    public enum Value: Sendable, Hashable, Encodable, ExpressibleByStringLiteral,
        ExpressibleByIntegerLiteral
    {
        case text(String)
        case number(Int64)

        public init(stringLiteral text: String) { self = .text(text) }
        public init(integerLiteral number: Int64) { self = .number(number) }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            }
        }
    }

    /// Writes a token and signs it with RS256; times are seconds since 1970.
    ///
    /// `header` adds to "alg" and "typ": "kid", "x5t" and the like. The same words give the same token.
    public static func signed(
        _ claims: [String: Value], header: [String: Value] = [:], key: RSAPrivateKey
    ) throws(CryptoError) -> String {
        let head = header.merging(["alg": "RS256", "typ": "JWT"]) { _, fixed in fixed }
        let text = "\(try encoded(head)).\(try encoded(claims))"
        return "\(text).\(Base64URL.text(try key.signSHA256(Array(text.utf8))))"
    }

    private static func encoded(_ values: [String: Value]) throws(CryptoError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(values) else { throw .failed }
        return Base64URL.text(Array(json))
    }
}
