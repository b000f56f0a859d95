import Dispatch
import Glibc
import MusterRuntime

/// A network between a store and its server that a test can cut at a statement.
final class PostgresProxy: Sendable {
    /// Where in the way of a statement the connection breaks.
    enum Cut: Hashable, Sendable, CaseIterable {
        /// The statement does not reach the server.
        case before
        /// The statement does not reach the server, which learns only later that nobody is there.
        case unnoticed
        /// The server has done it, and its answer is lost.
        case after
    }

    private struct State {
        var isArmed = false
        var cut = Cut.before
        var left = 0
        /// What each connection calls its statements.
        var names: [Int32: [String: String]] = [:]
        var log: [String] = []
    }

    let port: Int
    private let server: Int
    private let listener: OwnedDescriptor
    private let state = Locked(State())

    /// Listens on a port of its own and passes everything on to `server`'s.
    init(to server: Int) throws {
        self.server = server
        let socket = OwnedDescriptor(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0))
        listener = socket
        port = try Self.listen(socket.number)
        DispatchQueue(label: "proxy").async {
            while case let client = accept(socket.number, nil, nil), client >= 0 {
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                self.serve(client)
            }
        }
    }

    func close() { shutdown(listener.number, Int32(SHUT_RDWR)) }

    /// The connection string of a database of the server's, through here.
    func address(of database: String) -> String {
        database.replacing(":\(server)/", with: ":\(port)/") + "?sslmode=disable&gssencmode=disable"
    }

    /// Breaks the connection at statement `number` from now on, counted from 0, and at no other.
    func cut(_ cut: Cut, at number: Int) {
        state.withLock { state in
            state.isArmed = true
            state.cut = cut
            state.left = number
            state.log = []
        }
    }

    /// Whether the statement has not come yet.
    var isArmed: Bool { state.withLock { $0.isArmed } }

    /// The statements since `cut`.
    var statements: [String] { state.withLock { $0.log } }

    private func serve(_ client: Int32) {
        let upstream = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard Self.connect(upstream, server) else {
            Glibc.close(upstream)
            Glibc.close(client)
            return
        }
        let isMute = Locked(false)
        DispatchQueue(label: "proxy.up").async { self.up(client, upstream, isMute) }
        DispatchQueue(label: "proxy.down").async {
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = read(upstream, &bytes, bytes.count), count > 0 {
                // The answer is there, and goes no further.
                if isMute.withLock({ $0 }) { break }
                guard Self.send(bytes[..<count], to: client) else { break }
            }
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(upstream, Int32(SHUT_RDWR))
        }
    }

    /// Passes messages on until one at which the connection is cut.
    private func up(_ client: Int32, _ upstream: Int32, _ isMute: Locked<Bool>) {
        var waiting: [UInt8] = []
        var isStarted = false
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        reading: while case let count = read(client, &bytes, bytes.count), count > 0 {
            waiting += bytes[..<count]
            var passed: [UInt8] = []
            while let message = Self.message(&waiting, isFirst: !isStarted) {
                isStarted = true
                if let cut = cut(message, of: client) {
                    if cut == .after {
                        isMute.withLock { $0 = true }
                    } else {
                        _ = Self.send(passed, to: upstream)
                        shutdown(client, Int32(SHUT_RDWR))
                        if cut == .unnoticed { usleep(300_000) }
                        break reading
                    }
                }
                passed += message
            }
            guard Self.send(passed, to: upstream) else { break }
        }
        shutdown(upstream, Int32(SHUT_RDWR))
    }

    /// What is to happen at a message; remembers what statements are called.
    private func cut(_ message: [UInt8], of client: Int32) -> Cut? {
        guard let kind = message.first, kind == UInt8(ascii: "P") || kind == UInt8(ascii: "B") else {
            return nil
        }
        let words = message.dropFirst(5).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count > 1 else { return nil }
        let texts = words.prefix(2).map { String(decoding: $0, as: UTF8.self) }
        return state.withLock { state in
            if kind == UInt8(ascii: "P") {
                state.names[client, default: [:]][texts[0]] = texts[1]
                return nil
            }
            guard state.isArmed else { return nil }
            state.log.append(state.names[client]?[texts[1]] ?? "?")
            state.left -= 1
            guard state.left < 0 else { return nil }
            state.isArmed = false
            return state.cut
        }
    }

    /// Takes a whole message from the front: a letter, a length that counts itself, and what it says. The first
    /// of a connection has no letter.
    private static func message(_ bytes: inout [UInt8], isFirst: Bool) -> [UInt8]? {
        let start = isFirst ? 0 : 1
        guard bytes.count >= start + 4 else { return nil }
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= start + length else { return nil }
        defer { bytes.removeFirst(start + length) }
        return Array(bytes[..<(start + length)])
    }

    private static func send(_ bytes: some Collection<UInt8>, to socket: Int32) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func listen(_ socket: Int32) throws -> Int {
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && Glibc.listen(socket, 64) == 0
                    && getsockname(socket, $0, &size) == 0
            }
        }
        guard isListening else { throw SystemError(errno, "listen") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func connect(_ socket: Int32, _ port: Int) -> Bool {
        var address = loopback(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, size) == 0 }
        }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }
}
