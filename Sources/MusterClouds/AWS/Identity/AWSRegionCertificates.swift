public import MusterCore
public import MusterCrypto

/// The certificates with which AWS signs identity documents, by region.
public struct AWSRegionCertificates: Sendable {
    private var certificates: [String: [Certificate]] = [:]

    /// None.
    public init() {}

    /// Those that AWS publishes, as far as Muster brings them.
    public static let published: AWSRegionCertificates = {
        var all = AWSRegionCertificates()
        for (region, text) in AWSPublishedCertificates.rsa2048 {
            // What is compiled in is held to a test; one that could not be read would be missed, not trusted.
            if let bytes = Base64.bytes(wrapped: text), let read = try? Certificate(der: bytes) {
                all.add(read, for: region)
            }
        }
        for (regions, text) in AWSPublishedCertificates.rsa1024 {
            guard let bytes = Base64.bytes(wrapped: text), let read = try? Certificate(der: bytes) else {
                continue
            }
            for region in regions { all.add(read, for: region) }
        }
        return all
    }()

    /// The regions of which there is one.
    public var regions: [String] { certificates.keys.sorted() }

    /// Those of a region.
    public func of(_ region: String) -> [Certificate] { certificates[region] ?? [] }

    /// Takes one more, such as that of a new region.
    public mutating func add(_ certificate: Certificate, for region: String) {
        guard !of(region).contains(certificate) else { return }
        certificates[region, default: []].append(certificate)
    }

    /// Takes what an operator has written: PEM by region. Throws `.inputInvalid` with the field.
    public mutating func add(pem: [String: String], field: String) throws(Problem) {
        for (region, text) in pem.sorted(by: { $0.key < $1.key }) {
            do {
                add(try Certificate(pem: text), for: region)
            } catch {
                throw Problem(.inputInvalid, "\(error)", field: "\(field).\(region)")
            }
        }
    }
}
