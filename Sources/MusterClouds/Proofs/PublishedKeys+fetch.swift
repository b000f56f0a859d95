import MusterCore
import MusterCrypto
public import MusterHTTP
public import MusterRuntime

extension PublishedKeys {
    /// Keys that are fetched from `url`, as a JSON Web Key Set.
    public init(url: String, client: HTTPClient, clock: any WallClock) {
        self.init(clock: clock) { () async throws(Problem) -> Answer in
            try Self.answer(
                await client.send(
                    HTTPRequest(
                        .get, url, timeout: CloudPolicy.keysTimeout, connectTimeout: CloudPolicy.keysTimeout,
                        bodyLimit: CryptoPolicy.keyBytes)))
        }
    }

    /// The keys of an answer, and for how long it lets them be kept.
    static func answer(_ response: HTTPResponse) throws(Problem) -> Answer {
        guard response.status == 200 else {
            throw Problem(.answerUnexpected, "the answer has status \(response.status)")
        }
        do {
            return Answer(
                keys: try JSONWebKeySet(json: response.body), lifetime: Self.lifetime(response))
        } catch {
            throw Problem(.answerUnexpected, "the answer cannot be used: \(error)")
        }
    }

    /// What `Cache-Control: max-age` leaves after the answer's `Age` (RFC 9111); nil where it is not said.
    private static func lifetime(_ response: HTTPResponse) -> Duration? {
        guard let rules = response.header("Cache-Control") else { return nil }
        let words = rules.lowercased().split(separator: ",").map { word in
            String(word.drop { $0 == " " }.prefix { $0 != " " })
        }
        if words.contains("no-store") || words.contains("no-cache") { return .zero }
        let longest = words.compactMap { word -> Int64? in
            word.hasPrefix("max-age=") ? Int64(word.dropFirst("max-age=".count)) : nil
        }
        guard let longest = longest.first, (0...31_536_000).contains(longest) else { return nil }
        let age = response.header("Age").flatMap { Int64($0) } ?? 0
        return .seconds(max(0, longest - max(0, age)))
    }
}
