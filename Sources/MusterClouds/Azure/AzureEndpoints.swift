/// Where an Azure cloud is: its resource manager, its directory and its portal.
public struct AzureEndpoints: Hashable, Sendable {
    /// The clouds that Microsoft and 21Vianet run.
    public enum Cloud: String, CaseIterable, Hashable, Sendable {
        case `public`
        case government
        case china
    }

    /// The resource manager, without a slash at the end.
    public var management: String
    /// Microsoft Entra ID, which gives tokens.
    public var login: String
    /// What a token must be for.
    public var audience: String
    /// The portal that people look at.
    public var portal: String
    /// The hosts that signers of attested documents have certificates for.
    public var attestation: [String]
    /// The instance metadata service, where managed identities get their tokens.
    public var metadata: String

    /// The endpoints of a cloud.
    public init(_ cloud: Cloud = .public) {
        metadata = "http://169.254.169.254"
        switch cloud {
        case .public:
            attestation = ["metadata.azure.com"]
            management = "https://management.azure.com"
            login = "https://login.microsoftonline.com"
            portal = "https://portal.azure.com"
        case .government:
            attestation = ["metadata.azure.us"]
            management = "https://management.usgovcloudapi.net"
            login = "https://login.microsoftonline.us"
            portal = "https://portal.azure.us"
        case .china:
            attestation = ["metadata.azure.cn"]
            management = "https://management.chinacloudapi.cn"
            login = "https://login.chinacloudapi.cn"
            portal = "https://portal.azure.cn"
        }
        audience = management
    }

    /// Whether a URL that the resource manager gave leads back to it: nobody else gets a token.
    func isManagement(_ url: String) -> Bool { url.hasPrefix(management + "/") }
}
