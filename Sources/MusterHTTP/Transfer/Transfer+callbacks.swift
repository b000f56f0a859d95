import CCurl
import Glibc

// libcurl calls these on the loop's thread, only while the handle is in the multi handle. A receiver that
// returns another count than it was given ends the transfer.
extension Transfer {
    static let receiveHeader: curl_write_callback = { bytes, size, count, context in
        guard let transfer = of(context: context) else { return 0 }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        guard transfer.head.take(line) else {
            transfer.excess = .head
            return 0
        }
        return line.count
    }

    static let receiveBody: curl_write_callback = { bytes, size, count, context in
        guard let transfer = of(context: context) else { return 0 }
        let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
        guard part.count <= transfer.call.request.bodyLimit - transfer.body.count else {
            transfer.excess = .body
            return 0
        }
        transfer.body.append(contentsOf: part)
        return part.count
    }

    /// When a connection that was used before breaks without an answer, libcurl sends the request again on a
    /// new one. That is right only for what may be done twice.
    static let admitSending: curl_prereq_callback = { context, _, _, _, _ in
        guard let transfer = of(context: context) else { return CURL_PREREQFUNC_ABORT }
        transfer.attempts += 1
        if transfer.attempts == 1 { transfer.connected() }
        let isAdmitted = transfer.attempts == 1 || transfer.call.request.method.isIdempotent
        return isAdmitted ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }

    /// As libcurl's own, but no child process inherits the socket, and a host that has gone without a word is
    /// noticed: a connection that carries many calls does not end with those that run out of time, and the calls
    /// after them would be sent into it for as long as the kernel repeats itself.
    static let openSocket: curl_opensocket_callback = { _, _, address in
        guard let address else { return CURL_SOCKET_BAD }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.pointee.family, type, address.pointee.protocol)
        guard descriptor >= 0, address.pointee.family != AF_UNIX else { return descriptor }
        let silence = Int32(HTTPPolicy.longestSilence / .milliseconds(1))
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, silence)
        setOption(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, silence / 1_000)
        setOption(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, silence / 1_000)
        return descriptor
    }

    // A kernel that does not know one of them notices later, and serves all the same.
    private static func setOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func of(context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
