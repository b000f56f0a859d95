import MusterCore
import MusterRuntime

/// A workload identity federation (RFC 8693): a token that somebody else issued is exchanged for one of Google's,
/// which may then stand for a service account.
struct GoogleExternalAccount: Sendable {
    /// Where the token of the other issuer comes from.
    enum Source: Sendable {
        /// A file, read anew for each exchange, since its owner renews it.
        case file(String)
        /// A GET of this address with these headers.
        case address(String, headers: [String: Secret<String>])
    }

    /// What is in the source.
    enum Format: Hashable, Sendable {
        case text
        /// The member of an object.
        case json(member: String)
    }

    let source: Source
    let format: Format
    let audience: String
    let subjectTokenType: String
    let tokenAddress: String
    /// Where a service account's token is had; nil when the exchanged token is used as it is.
    let impersonation: (address: String, lifetimeSeconds: Int64)?

    init(_ reader: DocumentReader) throws(Problem) {
        audience = try reader.required("audience")
        subjectTokenType = try reader.required("subject_token_type")
        tokenAddress = try reader.address("token_url")
        if reader.has("service_account_impersonation_url") {
            let settings = reader.object("service_account_impersonation")
            let lifetime = settings.integer("token_lifetime_seconds", 600...43_200)
            impersonation = (
                try reader.address("service_account_impersonation_url"),
                lifetime.map(Int64.init) ?? GooglePolicy.tokenLifetimeSeconds
            )
        } else {
            impersonation = nil
        }
        let source = reader.object("credential_source")
        (self.source, format) = (try Self.source(source), try Self.format(source.object("format")))
    }

    private static func source(_ reader: DocumentReader) throws(Problem) -> Source {
        if reader.has("file") { return .file(try reader.required("file", limit: 4_095)) }
        if let address = reader.string("url") {
            // Where such tokens are had is a service of the machine's, which often speaks no TLS.
            let headers = (reader.stringMap("headers") ?? [:]).mapValues { Secret($0) }
            return .address(address, headers: headers)
        }
        throw Problem(
            .inputInvalid, "must name a file or a url: other sources of subject tokens are not supported",
            field: "credential_source")
    }

    private static func format(_ reader: DocumentReader) throws(Problem) -> Format {
        switch reader.string("type") {
        case nil, "text": return .text
        case "json": return .json(member: try reader.required("subject_token_field_name"))
        default:
            throw Problem(.inputInvalid, "must be text or json", field: "credential_source.format.type")
        }
    }

    /// The token within what the source gave.
    func subjectToken(in bytes: [UInt8]) throws(Problem) -> Secret<String> {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.unreadable }
        var token = text
        if case .json(let member) = format {
            guard let found = try? JSON.document(bytes)[member], case .string(let value) = found.value else {
                throw Self.unreadable
            }
            token = value
        }
        let trimmed = token.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        guard !trimmed.isEmpty else { throw Self.unreadable }
        return Secret(String(trimmed))
    }

    private static var unreadable: Problem {
        Problem(.inputMalformed, "the source of the subject token holds none", field: "credential_source")
    }
}

extension GoogleExternalAccount: CustomStringConvertible, CustomReflectable {
    /// What it is exchanged at.
    var description: String { "a workload identity for \(audience)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
