import MusterCore
import MusterHTTP
import MusterRuntime

/// Speaks the Docker Engine API on its unix socket.
final class DockerEngine: Sendable {
    private let socket: String
    private let client: HTTPClient
    private let agreed = Locked<APIVersion?>(nil)

    init(socket: String, client: HTTPClient) {
        self.socket = socket
        self.client = client
    }

    /// Makes a call in a version that both know, and gives the answer whatever its status.
    ///
    /// - Throws: `network` when there was no answer, `invalidConfig` when there is no common version.
    func send(
        _ method: HTTPMethod, _ path: String, _ query: [(name: String, value: String)] = [],
        body: [UInt8]? = nil, type: String = "application/json",
        within timeout: Duration = CloudPolicy.dockerCallDeadline, limit: Int = HTTPPolicy.bodyLimit
    ) async throws(CloudError) -> HTTPResponse {
        let version = try await version()
        do throws(CloudError) {
            return try await exchange(
                method, "/v\(version)\(path)", query, body: body, type: type, within: timeout, limit: limit)
        } catch {
            // Another engine may answer next time: it was upgraded, or taken back.
            agreed.withLock { $0 = nil }
            throw error
        }
    }

    /// What the engine says of itself, asked anew.
    func versions() async throws(CloudError) -> EngineVersions {
        // The only path that needs no version.
        let response = try await exchange(
            .get, "/version", [], body: nil, type: "", within: CloudPolicy.dockerCallDeadline,
            limit: HTTPPolicy.bodyLimit)
        guard response.status == 200 else { throw CloudError(docker: response, to: "tell its version") }
        return try EngineVersions(reading: response)
    }

    private func version() async throws(CloudError) -> APIVersion {
        if let known = agreed.withLock({ $0 }) { return known }
        let version = try await versions().common()
        agreed.withLock { $0 = version }
        return version
    }

    private func exchange(
        _ method: HTTPMethod, _ path: String, _ query: [(name: String, value: String)], body: [UInt8]?,
        type: String, within timeout: Duration, limit: Int
    ) async throws(CloudError) -> HTTPResponse {
        var url = "http://docker\(path)"
        for (index, part) in query.enumerated() {
            url += "\(index == 0 ? "?" : "&")\(part.name)=\(QueryText.escaped(part.value))"
        }
        var request = HTTPRequest(
            method, url, unixSocketPath: socket, body: body, timeout: timeout, bodyLimit: limit)
        if body != nil { request.headers.append((name: "Content-Type", value: type)) }
        do throws(Problem) {
            return try await client.send(request)
        } catch {
            throw CloudError(docker: error, socket: socket)
        }
    }
}

/// Text as part of a URL's query or path.
enum QueryText {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The text with all but RFC 3986's unreserved characters percent-encoded.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
