/// A place in a JSON document, as RFC 6901 writes it: `/pools/0/pending`; the empty one is the whole.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    private let tokens: [String]
    public let description: String

    /// The whole document.
    public static let whole = JSONPointer(tokens: [], description: "")

    private init(tokens: [String], description: String) {
        self.tokens = tokens
        self.description = description
    }

    /// Reads a pointer; nil for text that is none.
    public init?(_ text: String) {
        description = text
        guard !text.isEmpty else {
            tokens = []
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts[0].isEmpty else { return nil }
        var tokens: [String] = []
        for part in parts.dropFirst() {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// What stands at the place; nil when there is nothing.
    public func value(in document: Document) -> Document? {
        var found = document
        for token in tokens {
            switch found.value {
            case .object:
                guard let member = found[token] else { return nil }
                found = member
            case .array(let elements):
                guard let index = Self.index(token), index < elements.count else { return nil }
                found = elements[index]
            default: return nil
            }
        }
        return found
    }

    /// `~1` is a slash and `~0` a tilde; any other tilde is a mistake.
    private static func unescaped(_ part: Substring) -> String? {
        var result = ""
        var rest = part[...]
        while let first = rest.popFirst() {
            guard first == "~" else {
                result.append(first)
                continue
            }
            switch rest.popFirst() {
            case "0": result.append("~")
            case "1": result.append("/")
            default: return nil
            }
        }
        return result
    }

    /// Digits without a leading zero.
    private static func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ (48...57).contains($0) }), token == "0" || token.first != "0" else {
            return nil
        }
        return Int(token)
    }
}
