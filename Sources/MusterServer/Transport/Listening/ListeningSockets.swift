import Glibc
import MusterCore

/// The sockets of one server, listening.
struct ListeningSockets {
    /// The TCP socket and its port.
    let tcp: (descriptor: Int32, port: UInt16)?
    /// The unix socket and its file.
    let unix: (descriptor: Int32, file: UnixSocketFile)?

    /// Opens what `configuration` asks for, all of it or nothing.
    static func open(_ configuration: HTTPServerConfiguration) throws(Problem) -> ListeningSockets {
        var sockets = ListeningSockets(tcp: nil, unix: nil)
        if let address = configuration.tcp {
            sockets = ListeningSockets(tcp: try TCPListening.open(address), unix: nil)
        }
        if let path = configuration.unixSocket {
            do throws(Problem) {
                sockets = ListeningSockets(tcp: sockets.tcp, unix: try UnixSocketFile.open(path))
            } catch {
                sockets.close()
                throw error
            }
        }
        return sockets
    }

    /// Closes them, for a server that could not be started.
    func close() {
        if let tcp { Glibc.close(tcp.descriptor) }
        if let unix {
            Glibc.close(unix.descriptor)
            unix.file.remove()
        }
    }
}
