import CMicroHTTPD
import Glibc
import MusterRuntime

/// What the library calls, on its thread: each turns C into Swift and calls one function.
///
/// The library keeps two pointers for us: with a connection its `ClientConnection`, with a request its
/// `Exchange`. Both are retained when they are made and released by exactly one callback, which the
/// library guarantees to make.
enum ListenerCallbacks {
    typealias Context = UnsafeMutableRawPointer

    /// A connection has been opened or is about to be closed.
    static let connection: MHD_NotifyConnectionCallback = { context, connection, stored, event in
        guard let context, let connection, let stored else { return }
        let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
        if event == .CONNECTION_NOTIFY_STARTED {
            stored.pointee = Unmanaged.passRetained(listener.opened(connection)).toOpaque()
        } else if let pointer = stored.pointee {
            stored.pointee = nil
            listener.closed(Unmanaged<ClientConnection>.fromOpaque(pointer).takeRetainedValue())
        }
    }

    /// The request line has been read. What this returns comes with the later calls for the request.
    static let target: @convention(c) (Context?, UnsafePointer<CChar>?, OpaquePointer?) -> Context? = {
        context, raw, connection in
        guard let context, let connection, let stored = muster_connection_context(connection) else {
            return nil
        }
        let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
        let client = Unmanaged<ClientConnection>.fromOpaque(stored).takeUnretainedValue()
        let target = raw.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
        return Unmanaged.passRetained(listener.began(target, on: client)).toOpaque()
    }

    /// There is more of the request: first the headers, then pieces of the body, then the end, and after
    /// a suspended connection was resumed the end again.
    static let request: MHD_AccessHandlerCallback = {
        _, connection, _, method, version, data, size, stored in
        guard let connection, let method, let version, let size, let pointer = stored?.pointee else {
            return .NO
        }
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        let step: Exchange.Step
        if exchange.awaitsHead {
            step = exchange.receiveHead(
                method: String(cString: method), version: String(cString: version),
                headers: HeaderReading.headers(of: connection),
                size: muster_connection_header_size(connection))
        } else if size.pointee > 0 {
            step = exchange.receiveBody(UnsafeRawBufferPointer(start: data, count: size.pointee))
            size.pointee = 0
        } else {
            step = exchange.proceedToAnswer(SuspendedConnection(connection))
        }
        return Answering.carryOut(step, on: connection)
    }

    /// The request is over, whatever became of it.
    static let completed: MHD_RequestCompletedCallback = { _, _, stored, _ in
        guard let stored, let pointer = stored.pointee else { return }
        stored.pointee = nil
        Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().complete()
    }

    /// The library has something to say: what a client did wrong, mostly.
    static let log: @convention(c) (Context?, UnsafePointer<CChar>?) -> Void = { context, line in
        guard let context, let line else { return }
        let listener = Unmanaged<Listener>.fromOpaque(context).takeUnretainedValue()
        listener.service.log.debug(
            "libmicrohttpd", ["line": HeaderSyntax.trimmed(String(cString: line).filter { $0 != "\n" })])
    }
}
