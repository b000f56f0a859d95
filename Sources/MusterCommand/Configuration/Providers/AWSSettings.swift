import MusterClouds
import MusterCore

/// How EC2 is reached, as muster.yaml has it. It is read again when the provider is made: then it is known of which
/// fleet it is, and what the environment says.
struct AWSSettings: Hashable, Sendable {
    /// The provider's object.
    private let document: Document
}

extension AWSSettings {
    /// Reads a provider of this kind; what is wrong is noted in `reader`.
    init(_ reader: DocumentReader, _ document: Document) {
        self.document = document
        _ = AWSConfiguration(reader, id: ProviderID(rawValue: "aws"), fleet: "", environment: [:])
    }

    /// What the provider is made with.
    func configuration(_ id: ProviderID, fleet: String, environment: [String: String]) -> AWSConfiguration {
        AWSConfiguration(DocumentReader(document), id: id, fleet: fleet, environment: environment)
    }
}
