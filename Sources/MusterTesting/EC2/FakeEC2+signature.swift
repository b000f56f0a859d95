import MusterCore
import MusterCrypto
import MusterRuntime

extension FakeEC2 {
    /// Checks a request as AWS does; the region that it was signed for, or the error's status and code.
    func region(of request: ReceivedRequest) -> Result<String, SignatureFault> {
        guard let header = request.values("Authorization").first, header.hasPrefix("AWS4-HMAC-SHA256 ") else {
            return .failure(SignatureFault(status: 403, code: "MissingAuthenticationToken"))
        }
        var fields: [String: String] = [:]
        for field in header.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",") {
            let sides = field.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if sides.count == 2 { fields[String(sides[0])] = String(sides[1]) }
        }
        let credential = (fields["Credential"] ?? "").split(separator: "/").map(String.init)
        guard credential.count == 5, credential[4] == "aws4_request",
            let stamp = request.values("X-Amz-Date").first
        else { return .failure(SignatureFault(status: 403, code: "IncompleteSignature")) }
        guard credential[0] == Self.accessKeyID else {
            return .failure(SignatureFault(status: 403, code: "InvalidClientTokenId"))
        }
        guard stamp.hasPrefix(credential[1]), isRecent(stamp) else {
            return .failure(SignatureFault(status: 400, code: "RequestExpired"))
        }
        let names = (fields["SignedHeaders"] ?? "").split(separator: ";").map(String.init)
        // A signature that leaves these out protects nothing.
        guard names == names.sorted(), names.contains("host"), names.contains("x-amz-date") else {
            return .failure(SignatureFault(status: 403, code: "IncompleteSignature"))
        }
        let headers = names.map { "\($0):\(request.values($0).joined(separator: ","))\n" }.joined()
        let canonical =
            "\(request.method)\n\(request.path)\n\n\(headers)\n\(names.joined(separator: ";"))\n"
            + SHA256.hex(request.body)
        let scope = credential[1...].joined(separator: "/")
        let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(SHA256.hex(canonical))"
        var key = Array("AWS4\(Self.secretAccessKey)".utf8)
        for part in credential[1...] { key = MessageAuthentication.code(Array(part.utf8), key: key) }
        let signature = MessageAuthentication.code(Array(text.utf8), key: key)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        guard signature == fields["Signature"] else {
            return .failure(SignatureFault(status: 403, code: "SignatureDoesNotMatch"))
        }
        return .success(credential[2])
    }

    /// AWS takes what is up to five minutes off.
    private func isRecent(_ stamp: String) -> Bool {
        let digits = Array(stamp)
        guard digits.count == 16 else { return false }
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        let day = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
        let time = "\(part(9..<11)):\(part(11..<13)):\(part(13..<15))"
        guard let moment = Timestamp("\(day)T\(time)Z") else { return false }
        let off = clock.now() - moment
        return off < .seconds(300) && off > .seconds(-300)
    }
}

/// Why a request is not one of the key's.
struct SignatureFault: Error {
    var status: Int
    var code: String
}
