import MusterCore

/// Where the service is.
struct ServiceAddress: Hashable, Sendable {
    /// What every path is put behind; no slash at its end.
    let base: String
    /// The Unix socket that the service listens on, instead of the host of `base`.
    let unixSocketPath: String?

    /// Reads `http://host`, `https://host/base` or `http+unix://%2Fpath%2Fof%2Fsocket`.
    init(_ text: String) throws(Problem) {
        let fault = Problem(
            .inputInvalid,
            "must be a URL such as https://muster.example, or http+unix:// and a socket's percent-encoded path",
            field: WorkerConfiguration.Variable.url.rawValue)
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        let parts = trimmed.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (33...126).contains($0) }),
            !parts[1].contains(where: { "?#@".contains($0) })
        else { throw fault }
        switch parts[0] {
        case "http", "https":
            base = trimmed
            unixSocketPath = nil
        case "http+unix":
            guard let path = Self.decoded(parts[1]), path.hasPrefix("/") else { throw fault }
            base = "http://localhost"
            unixSocketPath = path
        default: throw fault
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                value != 0
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
