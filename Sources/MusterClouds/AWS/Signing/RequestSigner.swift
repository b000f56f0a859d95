import MusterCore
import MusterCrypto
import MusterRuntime

/// Signs requests by AWS's Signature Version 4.
struct RequestSigner {
    var credentials: AWSCredentials
    var region: String
    var service: String

    /// The moment as signatures write it: `20150830T123600Z`.
    static func stamp(_ moment: Timestamp) -> String {
        // 2015-08-30T12:36:00.000Z, of which the day has 10 characters and the time 8.
        let text = moment.description
        return (text.prefix(10) + text.dropFirst(10).prefix(9)).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// What has to be signed for a request of this moment.
    func stringToSign(_ request: SignableRequest, stamp: String) -> String {
        [algorithm, stamp, scope(stamp), SHA256.hex(request.canonical)].joined(separator: "\n")
    }

    /// The value of the header `Authorization`.
    func authorization(_ request: SignableRequest, stamp: String) -> String {
        var key = Array("AWS4\(credentials.secretAccessKey.reveal())".utf8)
        for part in scope(stamp).split(separator: "/") {
            key = MessageAuthentication.code(Array(part.utf8), key: key)
        }
        let message = Array(stringToSign(request, stamp: stamp).utf8)
        let signature = MessageAuthentication.code(message, key: key)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return "\(algorithm) Credential=\(credentials.accessKeyID)/\(scope(stamp)),"
            + " SignedHeaders=\(request.signedHeaders), Signature=\(signature)"
    }

    /// The headers that make a POST of a body to a host a signed one.
    func headers(
        host: String, path: String, body: [UInt8], contentType: String, target: String? = nil,
        at now: Timestamp
    ) -> [(name: String, value: String)] {
        let stamp = Self.stamp(now)
        var headers = [(name: "Content-Type", value: contentType), (name: "X-Amz-Date", value: stamp)]
        if let target { headers.append(("X-Amz-Target", target)) }
        if let token = credentials.sessionToken {
            headers.append(("X-Amz-Security-Token", token.reveal()))
        }
        let request = SignableRequest(
            method: "POST", path: path, headers: headers + [("Host", host)], body: body)
        return headers + [("Authorization", authorization(request, stamp: stamp))]
    }

    private var algorithm: String { "AWS4-HMAC-SHA256" }

    private func scope(_ stamp: String) -> String { "\(stamp.prefix(8))/\(region)/\(service)/aws4_request" }
}
