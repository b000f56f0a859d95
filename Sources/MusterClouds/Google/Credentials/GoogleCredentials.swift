public import MusterCore
import MusterHTTP
import MusterRuntime

/// What Muster shows to Google to be given tokens.
public enum GoogleCredentials: Sendable {
    /// A service account's key file.
    case key(GoogleServiceAccountKey)
    /// The service account of the machine that Muster runs on, by its metadata server; the host is what
    /// `GCE_METADATA_HOST` names, without a scheme.
    case metadataServer(host: String)
    /// What another cloud or a cluster says of this process, exchanged for a token of Google's.
    case external(GoogleExternalAccount)

    /// Where a machine at Google finds its metadata server.
    public static let metadataHost = "metadata.google.internal"

    /// Reads a credentials file, as Google's console and `gcloud` write it: a service account's key, or the
    /// configuration of a workload identity federation.
    ///
    /// - Throws: `Problem` `input-malformed` or `input-invalid`, which quotes nothing of the file.
    public static func read(file bytes: [UInt8]) throws(Problem) -> GoogleCredentials {
        guard bytes.count <= GooglePolicy.credentialBytes else {
            throw Problem(
                .inputTooLarge, "a credentials file has \(GooglePolicy.credentialBytes) bytes at most")
        }
        let reader = DocumentReader(try JSON.document(bytes))
        switch reader.string("type") {
        case "service_account": return .key(try GoogleServiceAccountKey(reader))
        case "external_account": return .external(try GoogleExternalAccount(reader))
        case nil:
            throw Problem(
                .inputInvalid, "the credentials file does not say of which type it is", field: "type")
        default:
            throw Problem(
                .inputInvalid,
                "only credentials files of the types service_account and external_account are taken: a person's own "
                    + "are not for a service",
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

    /// An address that secrets may be sent to: over TLS, or on this machine.
    func address(_ name: String) throws(Problem) -> String {
        let text = try required(name)
        let target: HTTPTarget
        do {
            target = try HTTPTarget(url: text)
        } catch {
            throw Problem(
                .inputInvalid, "must be an address such as https://sts.googleapis.com/v1/token", field: name)
        }
        guard target.isSecure || target.isLoopback else {
            throw Problem(
                .inputInvalid, "must begin with https://, since a secret is sent there", field: name)
        }
        return text
    }
}
