import MusterCore
import MusterHTTP
import MusterRuntime

/// Speaks the Docker Engine API on its unix socket.
final class DockerEngine: Sendable {
    private let socket: String
    private let client: HTTPClient
    private let agreed = Locked<APIVersion?>(nil)
    private let identified = Locked<KnownEngine?>(nil)

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
            // Another engine may answer next time: it was upgraded, or taken back, or is another one's.
            agreed.withLock { $0 = nil }
            identified.withLock { $0 = nil }
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

    /// Which engine listens: its own id, which it keeps with its containers. Kept as long as the socket is the same
    /// and its calls are answered.
    ///
    /// - Throws: when it does not tell.
    func identity() async throws(CloudError) -> String? {
        let place = KnownEngine.Socket(socket)
        if let known = identified.withLock({ $0 }), let place, known.socket == place { return known.id }
        let id = try await told()
        // Podman makes one up for each answer.
        let stays = try await told() == id ? id : nil
        if let place { identified.withLock { $0 = KnownEngine(socket: place, id: stays) } }
        return stays
    }

    private func told() async throws(CloudError) -> String? {
        let response = try await send(.get, "/info")
        guard response.status == 200 else { throw CloudError(docker: response, to: "tell who it is") }
        return try response.docker(KnownEngine.Answer.self).id.flatMap { $0.isEmpty ? nil : $0 }
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
