import MusterCore
import MusterHTTP

/// A version of the Engine API.
struct APIVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    var major: Int
    var minor: Int

    /// The first that resolves `host-gateway` and has all that is asked for here: Docker 20.10.
    static let oldest = APIVersion(major: 1, minor: 41)
    /// The newest that this was written for; engines go on speaking it for years.
    static let newest = APIVersion(major: 1, minor: 47)

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `1.47`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), major >= 0, minor >= 0
        else { return nil }
        self.init(major: major, minor: minor)
    }

    static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    var description: String { "\(major).\(minor)" }
}

/// What an engine says of itself.
struct EngineVersions: Hashable, Sendable {
    /// The product's version, such as `27.3.1`.
    var product: String
    /// The newest version of the API that it speaks.
    var newest: APIVersion
    /// The oldest that it still speaks.
    var oldest: APIVersion

    /// Reads the answer to `GET /version`.
    init(reading response: HTTPResponse) throws(CloudError) {
        let answer = try response.docker(Answer.self)
        guard let newest = APIVersion(answer.newest) else {
            throw CloudError(
                .unknown, cloudCode: "answer-unexpected",
                message: "what listens on the socket names no version of the Docker Engine API")
        }
        product = answer.product.map { String($0.prefix(80)) } ?? "unknown"
        self.newest = newest
        oldest = answer.oldest.flatMap(APIVersion.init) ?? APIVersion(major: 1, minor: 0)
    }

    private struct Answer: Decodable {
        let product: String?
        let newest: String
        let oldest: String?

        private enum CodingKeys: String, CodingKey {
            case product = "Version"
            case newest = "ApiVersion"
            case oldest = "MinAPIVersion"
        }
    }

    /// The newest version that both speak.
    ///
    /// - Throws: `invalidConfig` when there is none.
    func common() throws(CloudError) -> APIVersion {
        let version = min(newest, .newest)
        guard version >= .oldest, version >= oldest else {
            throw CloudError(
                .invalidConfig, cloudCode: "api-version",
                message:
                    "Docker \(product) speaks versions \(oldest) to \(newest) of its API, and this provider "
                    + "\(APIVersion.oldest) to \(APIVersion.newest): \(newest < .oldest ? "upgrade Docker" : "upgrade Muster")"
            )
        }
        return version
    }
}
