import MusterHTTP

/// Paths and queries as Google's APIs take them.
enum GoogleAddress {
    /// `text` as one segment of a path or one value of a query or a form: all but RFC 3986's unreserved characters
    /// percent-encoded.
    static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The part of a resource's address after its last slash: `n2-standard-4` of
    /// `zones/us-central1-a/machineTypes/n2-standard-4`.
    static func name(_ text: String) -> String {
        String(text.split(separator: "/", omittingEmptySubsequences: true).last ?? "")
    }

    /// The part of a resource's address after `collection`: `us-central1-a` after `zones`.
    static func part(after collection: String, in text: String) -> String? {
        let parts = text.split(separator: "/")
        guard let index = parts.firstIndex(where: { $0 == collection }), index + 1 < parts.count else {
            return nil
        }
        return String(parts[index + 1])
    }

    /// The region of a zone: `us-central1` of `us-central1-a`.
    static func region(ofZone zone: String) -> String {
        guard let dash = zone.lastIndex(of: "-") else { return zone }
        return String(zone[..<dash])
    }

    /// Whether `text` is a name by Google's rules: a letter first, then letters, digits and dashes, no dash last.
    static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isLetter(first) && last != UInt8(ascii: "-")
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether `text` can be a project's id, with the domain that old ones have ("example.com:name"). A project's
    /// number is none, since instances prove themselves by the id.
    static func isProject(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 100 else { return false }
        return (isLetter(first) || isDigit(first)) && (isLetter(last) || isDigit(last))
            && !bytes.allSatisfy(isDigit)
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || [45, 46, 58].contains($0) }
    }

    /// Why no secret may be sent to an address; nil when it may: over TLS, or on this machine.
    static func reasonAgainstSecrets(_ text: String) -> String? {
        guard let target = try? HTTPTarget(url: text) else {
            return "must be an address such as https://oauth2.googleapis.com/token"
        }
        return target.isSecure || target.isLoopback
            ? nil : "must begin with https://, since a secret is sent there"
    }

    /// Whether `text` is a number that Google gave to an instance.
    static func isNumber(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
