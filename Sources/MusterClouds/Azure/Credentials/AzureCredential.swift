public import MusterCore
public import MusterRuntime

/// How Muster proves to Azure who it is.
///
/// What is secret is read when a token is fetched, since files are renewed under running programs.
public enum AzureCredential: Sendable {
    /// Reads a secret.
    public typealias Source = @Sendable () throws(Problem) -> Secret<String>

    /// An application with a secret that it shares with the directory.
    case clientSecret(tenant: String, client: String, secret: Source)
    /// An application with a certificate: a PEM text with the certificate and its RSA key.
    case clientCertificate(tenant: String, client: String, pem: Source)
    /// The identity of the machine or the app that Muster runs on; `client` names one of several.
    case managedIdentity(client: String?)
    /// A token of another issuer, such as Kubernetes, that the directory trusts. What is not given is taken from
    /// AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE.
    case workloadIdentity(tenant: String?, client: String?, tokenFile: String?)

    /// What is wrong with it as it is written.
    var problem: Problem? {
        let ids: [(String, String?)]
        switch self {
        case .clientSecret(let tenant, let client, _), .clientCertificate(let tenant, let client, _):
            ids = [("tenant", tenant), ("client", client)]
        case .managedIdentity(let client): ids = [("client", client)]
        case .workloadIdentity(let tenant, let client, _): ids = [("tenant", tenant), ("client", client)]
        }
        for (field, id) in ids {
            // A tenant may be named by one of its domains.
            guard let id, !AzureConfiguration.isIdentifier(String(id.filter { $0 != "." })) else { continue }
            return Problem(
                .inputInvalid, "must be an id of letters, digits and -", field: "credential.\(field)")
        }
        return nil
    }

    /// In a few words, for an operator.
    var words: String {
        switch self {
        case .clientSecret(_, let client, _): "the application \(client) with a secret"
        case .clientCertificate(_, let client, _): "the application \(client) with a certificate"
        case .managedIdentity(let client):
            client.map { "the managed identity \($0)" } ?? "the managed identity"
        case .workloadIdentity: "the workload identity"
        }
    }
}
