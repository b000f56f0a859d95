import CCurl
import MusterCore

/// Header lines as libcurl wants them. Must live until the transfer is over: libcurl does not copy them.
final class HeaderList {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    /// The headers of a request, which have been validated.
    init(_ headers: [(name: String, value: String)]) throws(Problem) {
        // libcurl's own additions; a header of the same name that follows is sent all the same.
        let isTyped = headers.contains { $0.name.lowercased() == "content-type" }
        if !isTyped { try append("Content-Type:") }
        // Waiting up to a second for a "100 Continue" pays for uploads much larger than ours.
        try append("Expect:")
        for (name, value) in headers {
            let isBlank = value.utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            // With a colon and nothing after it libcurl would drop the header instead.
            try append(isBlank ? "\(name);" : "\(name): \(value)")
        }
    }

    deinit { curl_slist_free_all(pointer) }

    private func append(_ line: String) throws(Problem) {
        guard let longer = curl_slist_append(pointer, line) else {
            throw Problem(.internalError, "libcurl has no memory for a header")
        }
        pointer = longer
    }
}
