import CCurl
public import MusterCore

/// Where a request goes, as far as it may be told: scheme, host and port, and the socket when there is one.
///
/// Parsed by libcurl itself, so that what is checked is what is used. Path and query are left out, since
/// both can be secrets (a webhook's path often is one).
public struct HTTPTarget: Sendable, CustomStringConvertible {
    /// Whether the call is made over TLS.
    public let isSecure: Bool
    /// The host's name or address, in lower case; an IPv6 address stands in brackets.
    public let host: String
    /// The port, also where the URL leaves it to the scheme.
    public let port: Int
    public let description: String

    /// Whether it is this machine, by a name that nobody else can take.
    public var isLoopback: Bool {
        host == "localhost" || host == "[::1]"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 46 || (48...57).contains($0) }
    }

    /// Throws `.inputInvalid` for all but a plain `http` or `https` URL; the message does not quote it.
    public init(url: String, unixSocketPath: String? = nil) throws(Problem) {
        let parts = try URLParts(url)
        let scheme = parts.text(CURLUPART_SCHEME) ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw Problem(.inputInvalid, "the URL must begin with http:// or https://", field: "url")
        }
        isSecure = scheme == "https"

        host = (parts.text(CURLUPART_HOST) ?? "").lowercased()
        let written = parts.text(CURLUPART_PORT)
        port = written.flatMap { Int($0) } ?? (isSecure ? 443 : 80)
        var description = "\(scheme)://\(host)\(written.map { ":" + $0 } ?? "")"
        if let unixSocketPath {
            let bytes = unixSocketPath.utf8
            guard !bytes.isEmpty, bytes.count <= HTTPPolicy.socketPathBytes, !bytes.contains(0) else {
                throw Problem(
                    .inputInvalid,
                    "a socket's path has 1 to \(HTTPPolicy.socketPathBytes) bytes, none of them zero",
                    field: "unixSocketPath")
            }
            description += " over the socket \(unixSocketPath)"
        }
        self.description = description
    }
}

/// A URL taken apart by libcurl.
private struct URLParts: ~Copyable {
    private let handle: OpaquePointer

    init(_ url: String) throws(Problem) {
        // C would stop reading at the zero, and check another URL than the one that is written.
        guard !url.utf8.contains(0) else {
            throw Problem(.inputInvalid, "the URL has a zero byte in it", field: "url")
        }
        guard let handle = curl_url() else {
            throw Problem(.internalError, "libcurl has no memory for a URL")
        }
        let code = curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER))
        guard code == CURLUE_OK else {
            curl_url_cleanup(handle)
            let reason =
                switch code {
                case CURLUE_USER_NOT_ALLOWED: "it holds a user or password, which belong into a header"
                case CURLUE_UNSUPPORTED_SCHEME, CURLUE_BAD_SCHEME: "it must begin with http:// or https://"
                default: String(cString: curl_url_strerror(code))
                }
            throw Problem(.inputInvalid, "the URL is not valid: \(reason)", field: "url")
        }
        self.handle = handle
    }

    deinit { curl_url_cleanup(handle) }

    func text(_ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
