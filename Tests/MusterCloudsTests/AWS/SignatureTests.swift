import FoundationEssentials
import MusterCore
import MusterRuntime
import MusterTesting
import Testing

@testable import MusterClouds

@Suite("AWS signatures")
struct SignatureTests {
    private static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        sessionToken: nil, origin: "a test")
    private static let folder = "\(AWSFixtures.folder)/aws/sigv4"

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".req") }.map { String($0.dropLast(4)) }.sorted()
    }()

    private static func text(_ name: String) throws(Problem) -> String {
        String(decoding: try TextFile.read("\(folder)/\(name)", limit: 1 << 20), as: UTF8.self)
    }

    /// The request that stands in a file of the suite.
    private static func request(_ text: String) -> SignableRequest {
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = parts.prefix { !$0.isEmpty }
        let body = parts.dropFirst(head.count + 1).joined(separator: "\n")
        let words = head[0].split(separator: " ")
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let pairs = target.count < 2 ? [] : target[1].split(separator: "&")
        let query = pairs.map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: decoded(sides[0]), value: sides.count < 2 ? "" : decoded(sides[1]))
        }
        let headers = head.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (name: String(line[..<colon]), value: String(line[colon...].dropFirst()))
        }
        return SignableRequest(
            method: String(words[0]), path: decoded(target[0]), query: query, headers: headers,
            body: Array(body.utf8))
    }

    private static func decoded(_ text: Substring) -> String { FormParameters.decoded(text.utf8) }

    @Test("The suite's requests get the suite's canonical forms and signatures", arguments: cases)
    func vectors(_ name: String) throws {
        let request = Self.request(try Self.text("\(name).req"))
        #expect(request.canonical == (try Self.text("\(name).creq")))
        let signer = RequestSigner(credentials: Self.credentials, region: "us-east-1", service: "service")
        #expect(signer.stringToSign(request, stamp: "20150830T123600Z") == (try Self.text("\(name).sts")))
        #expect(signer.authorization(request, stamp: "20150830T123600Z") == (try Self.text("\(name).authz")))
    }

    @Test("The suite is there")
    func isThere() { #expect(Self.cases.count == 23) }

    @Test("A moment is written as signatures want it")
    func stamps() throws {
        let moment = try #require(Timestamp("2015-08-30T12:36:00.987Z"))
        #expect(RequestSigner.stamp(moment) == "20150830T123600Z")
    }

    @Test("A session's token is signed, and nothing prints a key")
    func session() throws {
        var credentials = Self.credentials
        credentials.sessionToken = Secret("the-session-token")
        let signer = RequestSigner(credentials: credentials, region: "us-east-1", service: "ec2")
        let headers = signer.headers(
            host: "ec2.us-east-1.amazonaws.com", path: "/", body: [], contentType: "text/plain",
            at: Timestamp(milliseconds: 0))
        #expect(headers.contains { $0.name == "X-Amz-Security-Token" && $0.value == "the-session-token" })
        let authorization = try #require(headers.last?.value)
        #expect(
            authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"))
        #expect(!"\(credentials)".contains("the-session-token"))
        #expect(!"\(signer)".contains("wJalrXUtnFEMI"))
        var dumped = ""
        dump(signer, to: &dumped)
        #expect(!dumped.contains("wJalrXUtnFEMI") && !dumped.contains("the-session-token"))
    }
}
