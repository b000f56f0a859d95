import MusterCore
import MusterHTTP
import MusterRuntime

/// What a credentials file holds.
enum GoogleCredentialsFile: Sendable {
    /// A service account's key.
    case key(GoogleServiceAccountKey)
    /// What another cloud or a cluster says of this process, exchanged for a token of Google's.
    case external(GoogleExternalAccount)

    /// Reads one.
    ///
    /// - Throws: `Problem` `input-malformed` or `input-invalid`, which quotes nothing of the file.
    init(_ bytes: [UInt8]) throws(Problem) {
        do throws(Problem) {
            self = try Self.read(bytes)
        } catch {
            let member = error.field.map { "its member \($0) " } ?? ""
            throw Problem(error.code, "the credentials file is of no use: \(member)\(error.message)")
        }
    }

    private static func read(_ bytes: [UInt8]) throws(Problem) -> GoogleCredentialsFile {
        guard bytes.count <= GooglePolicy.credentialBytes else {
            throw Problem(.inputTooLarge, "it has more than \(GooglePolicy.credentialBytes) bytes")
        }
        let reader = DocumentReader(try JSON.document(bytes))
        switch reader.string("type") {
        case "service_account": return .key(try GoogleServiceAccountKey(reader))
        case "external_account": return .external(try GoogleExternalAccount(reader))
        case nil: throw Problem(.inputInvalid, "must say of which type the file is", field: "type")
        default:
            throw Problem(
                .inputInvalid,
                "must be service_account or external_account: a person's own credentials are not for a service",
                field: "type")
        }
    }
}

extension DocumentReader {
    /// A string that must be there.
    func required(_ name: String, limit: Int = 10_240) throws(Problem) -> String {
        guard let text = string(name, limit: limit), !text.isEmpty else {
            throw Problem(.inputInvalid, "must be a text that is not empty", field: name)
        }
        return text
    }

    /// An address that secrets may be sent to.
    func address(_ name: String) throws(Problem) -> String {
        let text = try required(name)
        if let reason = GoogleAddress.reasonAgainstSecrets(text) {
            throw Problem(.inputInvalid, reason, field: name)
        }
        return text
    }
}
