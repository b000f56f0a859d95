import MusterClouds
import MusterCore
import MusterRuntime

/// Makes claims and proofs.
enum Claim {
    /// An object of texts.
    static func proof(_ members: [(String, String)]) -> Document {
        Document(.object(members.map { Document.Member($0.0, Document(.string($0.1))) }))
    }

    static func make(
        _ worker: String, in group: String, proof: Document, at moment: String = "2027-01-15T08:00:00Z",
        token: String? = nil
    ) -> IdentityClaim {
        IdentityClaim(
            worker: WorkerID(rawValue: worker), group: WorkerGroup(rawValue: group), proof: proof,
            at: Timestamp(moment) ?? Timestamp(milliseconds: 0), audience: "https://muster.example.org",
            registrationToken: token.map { Secret($0) })
    }

    /// What is wrong with proofs of any kind: to be refused, whatever is expected.
    static let hostileProofs: [Document] = {
        var deep = Document(.string("x"))
        for _ in 0..<60 { deep = Document(.array([deep])) }
        let values: [Document.Value] = [
            .null, .boolean(true), .integer(7), .number(0.5), .array([]), .object([]), deep.value,
            .string(String(repeating: "A", count: 1_000_000)), .string(""), .string("\0"),
            .string("\u{1F600}"),
            .string("AAAA"), .string("MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEFADCABgkqhkiG9w0BBwE="),
        ]
        let names = ["document", "signature", "rsa2048", "pkcs7", "token", "secret", "nonce", "unknown"]
        let members = values.flatMap { value in
            names.map { Document(.object([Document.Member($0, Document(value))])) }
        }
        let pairs = values.map { value in
            Document(
                .object([
                    Document.Member("document", Document(value)),
                    Document.Member("signature", Document(value)),
                ]))
        }
        return [
            Document(.null), Document(.string("proof")), Document(.array([])), Document(.object([])), deep,
        ]
            + members + pairs
    }()
}

/// The code and the message of what `body` throws; nil when it throws nothing.
func refusal(_ body: () async throws -> ProvenIdentity) async -> Problem? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? Problem ?? Problem(.internalError, "\(error)")
    }
}
