import MusterCore

/// What an attested document says; ids in lower case, since Azure writes them in either.
struct AzureAttestedDocument {
    let machine: String
    let subscription: String
    let nonce: String?
    let created: Timestamp
    let expires: Timestamp
    private let sku: String?

    init(_ document: Document) throws(Problem) {
        machine = try Self.required(document.text("vmId"), "vmId").lowercased()
        subscription = try Self.required(document.text("subscriptionId"), "subscriptionId").lowercased()
        nonce = document.text("nonce")
        sku = document.text("sku")
        created = try Self.moment(document, "createdOn")
        expires = try Self.moment(document, "expiresOn")
    }

    var facts: [String: String] {
        Dictionary(facts: [
            ("machine", machine), ("subscription", subscription), ("created", created.description),
            ("expires", expires.description), ("sku", sku),
        ])
    }

    private static func required(_ text: String?, _ name: String) throws(Problem) -> String {
        guard let text, !text.isEmpty else {
            throw .refused("the attested document has no text \"\(name)\"")
        }
        return text
    }

    private static func moment(_ document: Document, _ name: String) throws(Problem) -> Timestamp {
        guard let moment = document.text("timeStamp", name).flatMap({ Timestamp(azure: $0) }) else {
            throw .refused("the attested document has no moment \"timeStamp.\(name)\"")
        }
        return moment
    }
}

extension Timestamp {
    /// Reads the moments of attested documents: `11/28/18 06:16:17 -0000`, month first, in this century.
    init?(azure text: String) {
        let bytes = Array(text.utf8)
        let form = Array("00/00/00 00:00:00 -0000".utf8)
        guard bytes.count == form.count else { return nil }
        for (byte, wanted) in zip(bytes, form) {
            // A zero stands for any digit; the offset's sign may be either.
            let fits =
                switch wanted {
                case UInt8(ascii: "0"): (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                case UInt8(ascii: "-"): byte == wanted || byte == UInt8(ascii: "+")
                default: byte == wanted
                }
            guard fits else { return nil }
        }
        func word(_ place: Int, _ count: Int = 2) -> String {
            String(decoding: bytes[place..<place + count], as: UTF8.self)
        }
        guard word(19, 4) == "0000",
            let moment = Timestamp("20\(word(6))-\(word(0))-\(word(3))T\(word(9, 8))Z")
        else { return nil }
        self = moment
    }
}
