public import MusterCrypto

/// The certificates that lead from Azure's metadata service to a root.
public enum AzureCertificates {
    /// The roots that its issuers have.
    public static let roots = read(AzurePublishedCertificates.roots)

    /// Its issuers. Documents come without them.
    public static let intermediates = read(AzurePublishedCertificates.intermediates)

    // What is compiled in is held to a test; one that could not be read would be missed, not trusted.
    private static func read(_ texts: [String: String]) -> [Certificate] {
        texts.sorted { $0.key < $1.key }.compactMap { _, text in
            Base64.bytes(wrapped: text).flatMap { try? Certificate(der: $0) }
        }
    }
}
