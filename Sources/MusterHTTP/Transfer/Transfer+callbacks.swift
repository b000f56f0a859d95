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
        let isAdmitted = transfer.attempts == 1 || transfer.call.request.method.isIdempotent
        return isAdmitted ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }

    /// As libcurl's own, but no child process inherits the socket.
    static let openSocket: curl_opensocket_callback = { _, _, address in
        guard let address else { return CURL_SOCKET_BAD }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, type, address.pointee.protocol)
    }

    private static func of(context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
