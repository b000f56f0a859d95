import MusterCore
import MusterCrypto

/// What an instance of AWS shows: exactly one of the forms, read and not believed.
enum AWSProof {
    case document([UInt8], signature: [UInt8])
    case message([UInt8], allowsSHA1: Bool)

    init(_ proof: Document, accepting formats: Set<AWSIdentityFormat>) throws(Problem) {
        let reader = ProofReader(proof)
        let document = reader.text("document", limit: CloudPolicy.proofBytes)
        let shown = AWSIdentityFormat.allCases.compactMap { format in
            reader.text(format.rawValue, limit: CloudPolicy.proofBytes).map { (format, $0) }
        }
        try reader.finish()
        guard let (format, text) = shown.first, shown.count == 1 else {
            throw .refused(
                "the proof has exactly one of the members rsa2048, signature (with document) and pkcs7")
        }
        guard formats.contains(format) else {
            throw .refused("the provider's settings do not accept the form \"\(format.rawValue)\"")
        }
        guard let bytes = Base64.bytes(wrapped: Self.withoutArmour(text)), !bytes.isEmpty else {
            throw .refused("the proof's member \(format.rawValue) is not Base64")
        }
        switch (format, document) {
        case (.signature, let document?): self = .document(Array(document.utf8), signature: bytes)
        case (.signature, nil): throw .refused("the proof has a signature without a document")
        case (.rsa2048, nil): self = .message(bytes, allowsSHA1: false)
        case (.pkcs7, nil): self = .message(bytes, allowsSHA1: true)
        case (.rsa2048, _), (.pkcs7, _):
            throw .refused("the document is within \(format.rawValue): the proof has no member \"document\"")
        }
    }

    /// The metadata service gives Base64 alone; examples put the lines around it that openssl wants.
    private static func withoutArmour(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        return lines.joined(separator: "\n")
    }
}
