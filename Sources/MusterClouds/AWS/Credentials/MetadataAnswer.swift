import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime

/// Temporary credentials as the metadata services of containers and instances give them.
struct MetadataAnswer: Decodable {
    var accessKeyID: String
    var secretAccessKey: String
    var token: String?
    var expiration: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case expiration = "Expiration"
    }

    /// The credentials in an answer. No part of the answer gets into the problem: it may be a secret.
    ///
    /// - Throws: `Problem` `unavailable`; `network-failed` when the service is not well.
    static func credentials(_ response: HTTPResponse, origin: String) throws(Problem) -> AWSCredentials {
        guard response.status == 200 else {
            throw Problem(
                response.status >= 500 ? .networkFailed : .unavailable,
                "\(origin) answered with status \(response.status)")
        }
        guard let answer = try? JSONDecoder().decode(MetadataAnswer.self, from: Data(response.body)),
            !answer.accessKeyID.isEmpty, !answer.secretAccessKey.isEmpty
        else { throw Problem(.unavailable, "\(origin) gave no credentials that can be read") }
        return AWSCredentials(
            accessKeyID: answer.accessKeyID, secretAccessKey: Secret(answer.secretAccessKey),
            sessionToken: answer.token.map { Secret($0) }, expiresAt: answer.expiration, origin: origin)
    }
}
