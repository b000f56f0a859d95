import CCurl
import MusterCore

/// A call while libcurl works on it. Belongs to the loop's thread, on which libcurl calls it back.
final class Transfer {
    /// What the answer had too much of.
    enum Excess {
        case head, body
    }

    let call: Call
    let handle: EasyHandle
    private let headers: HeaderList

    var head = AnswerHead()
    var body: [UInt8] = []
    var excess: Excess?
    /// How often libcurl was about to send the request.
    var attempts = 0
    /// Whether any of the request may have left.
    var wasSent: Bool { attempts > 0 }
    /// Called when there is a connection, before the request is sent for the first time.
    let connected: () -> Void

    /// Readies a fresh or reset handle for the call. The handle points to the transfer from here on, and
    /// must be reset before the transfer is let go.
    init(
        _ call: Call, on handle: EasyHandle, _ configuration: HTTPClientConfiguration,
        connected: @escaping () -> Void
    ) throws(Problem) {
        self.call = call
        self.handle = handle
        self.connected = connected
        headers = try HeaderList(call.request.headers)
        try handle.set(headers)
        try configure(configuration)
    }

    /// The transfer that a handle is readied for.
    static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutableRawPointer?
        guard muster_curl_get_pointer(handle, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else {
            return nil
        }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// What the end of the call tells of how its host shares connections, while the handle still knows.
    func sharing(_ code: CURLcode) -> HostLine.Sharing? {
        guard code == CURLE_OK else {
            // Whoever cannot be connected to says nothing: the others need not wait for another try.
            return attempts == 0 ? .alone : nil
        }
        return handle.number(CURLINFO_HTTP_VERSION) >= Int(CURL_HTTP_VERSION_2_0) ? .shared : .alone
    }

    /// What came of the call, while the handle still knows.
    func outcome(_ code: CURLcode) -> Call.Outcome {
        if let excess { return .failure(call.excessive(excess)) }
        guard code == CURLE_OK else {
            return .failure(
                call.failed(
                    code, detail: handle.detail, systemError: handle.number(CURLINFO_OS_ERRNO),
                    wasSent: wasSent))
        }
        return .success(
            HTTPResponse(
                status: handle.number(CURLINFO_RESPONSE_CODE), headers: head.headers, body: body,
                sendings: attempts))
    }
}
