/// A request before its body, checked.
///
/// libmicrohttpd reads more than RFC 9112 allows. Two readers of one stream that disagree about where a
/// request ends are how requests are smuggled past a proxy, so whatever can be read in two ways is
/// refused here.
struct RequestHead {
    /// The method as sent.
    let method: String
    /// The target, taken apart.
    let target: RequestTarget
    /// The headers in order, values trimmed.
    let headers: [(name: String, value: String)]
    /// The length of the body, when it was announced.
    let contentLength: Int?

    /// Checks what the library read. `headers` must be as the library has them, untrimmed.
    init(
        method: String, version: String, rawTarget: [UInt8], headers: [(name: String, value: String)]
    ) throws(Refusal) {
        guard HeaderSyntax.isToken(method) else { throw .malformed("The method is not a token.") }
        try Self.checkSyntax(headers)
        let target = try RequestTarget(parsing: rawTarget)
        try Self.checkHost(headers, version: version, authority: target.authority)
        contentLength = try Self.checkFraming(headers, version: version)
        self.method = method
        self.target = target
        self.headers = headers.map { ($0.name, HeaderSyntax.trimmed($0.value)) }
    }

    private static func checkSyntax(_ headers: [(name: String, value: String)]) throws(Refusal) {
        for header in headers {
            guard HeaderSyntax.isToken(header.name) else {
                throw .malformed("A header has a name that is not a token, or continues on a second line.")
            }
            guard HeaderSyntax.isFieldValue(header.value) else {
                throw .malformed("A header has a control character in its value.")
            }
            // The library appends a continuation line to the name of the header that it continues.
            for name in ["content-length", "transfer-encoding"]
            where header.name.hasPrefixIgnoringASCIICase(name) && header.name.utf8.count > name.utf8.count {
                throw .malformed("There is no header with this name: \(header.name)")
            }
        }
    }

    private static func checkHost(
        _ headers: [(name: String, value: String)], version: String, authority: String?
    ) throws(Refusal) {
        let hosts = values("Host", in: headers)
        guard hosts.count < 2 else { throw .malformed("There is more than one Host header.") }
        guard let host = hosts.first else {
            guard version == "HTTP/1.0" else { throw .malformed("The Host header is missing.") }
            return
        }
        guard HeaderSyntax.isHost(HeaderSyntax.trimmed(host)) else {
            throw .malformed("The Host header does not name one host.")
        }
        if let authority, !authority.equalsIgnoringASCIICase(HeaderSyntax.trimmed(host)) {
            throw .malformed("The Host header and the request target name different hosts.")
        }
    }

    /// The announced length of the body, nil for none or a chunked one.
    private static func checkFraming(
        _ headers: [(name: String, value: String)], version: String
    ) throws(Refusal) -> Int? {
        let lengths = values("Content-Length", in: headers)
        let codings = values("Transfer-Encoding", in: headers)
        guard lengths.isEmpty || codings.isEmpty else {
            throw .malformed("There is a Content-Length header beside a Transfer-Encoding header.")
        }
        guard lengths.count < 2, codings.count < 2 else {
            throw .malformed("There is more than one Content-Length or Transfer-Encoding header.")
        }
        if let coding = codings.first {
            guard coding.equalsIgnoringASCIICase("chunked"), version != "HTTP/1.0" else {
                throw .malformed("The only transfer encoding understood here is `chunked`, in HTTP/1.1.")
            }
        }
        guard let text = lengths.first else { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let length = Int(text)
        else { throw .malformed("The Content-Length header is not a number.") }
        return length
    }

    private static func values(
        _ name: String, in headers: [(name: String, value: String)]
    ) -> [String] {
        headers.filter { $0.name.equalsIgnoringASCIICase(name) }.map(\.value)
    }
}
