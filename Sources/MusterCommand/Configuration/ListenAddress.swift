import Glibc
import MusterCore

/// An address of this machine and a port.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address of the loopback interface, without brackets.
    var address: String
    /// 0 lets the system choose.
    var port: UInt16

    /// Where the service listens unless told otherwise.
    static let usual = ListenAddress(address: "127.0.0.1", port: 8_780)

    /// The same address with the port that the system chose.
    func onPort(_ port: UInt16) -> ListenAddress { ListenAddress(address: address, port: port) }

    /// As written: `127.0.0.1:8780`, `[::1]:8780`.
    var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

extension ListenAddress {
    /// Reads `ADDRESS:PORT`, with an IPv6 address in brackets; `localhost` is 127.0.0.1.
    ///
    /// - Throws: `Problem` `input-invalid`, also for an address that other machines can reach: what is
    ///   spoken is not encrypted.
    init(parsing text: String) throws(Problem) {
        guard let colon = text.lastIndex(of: ":") else { throw Self.malformed(text) }
        let digits = text[text.index(after: colon)...]
        let host = text[..<colon]
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits) else {
            throw Self.malformed(text)
        }
        if host == "localhost" {
            self.init(address: "127.0.0.1", port: port)
        } else if host.hasPrefix("["), host.hasSuffix("]"), host.count > 2 {
            let inner = String(host.dropFirst().dropLast())
            guard let isLoopback = Self.isLoopback6(inner) else { throw Self.malformed(text) }
            guard isLoopback else { throw Self.reachable(text) }
            self.init(address: inner, port: port)
        } else {
            guard let isLoopback = Self.isLoopback4(String(host)) else { throw Self.malformed(text) }
            guard isLoopback else { throw Self.reachable(text) }
            self.init(address: String(host), port: port)
        }
    }

    /// Whether an IPv4 address is within 127.0.0.0/8; nil if it is none.
    private static func isLoopback4(_ text: String) -> Bool? {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return UInt32(bigEndian: address.s_addr) >> 24 == 127
    }

    /// Whether an IPv6 address is ::1; nil if it is none.
    private static func isLoopback6(_ text: String) -> Bool? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }

    private static func malformed(_ text: String) -> Problem {
        Problem(
            .inputInvalid,
            "must be ADDRESS:PORT such as 127.0.0.1:8780 or [::1]:8780, not "
                + JSONText.quoted(String(text.prefix(80))))
    }

    private static func reachable(_ text: String) -> Problem {
        Problem(
            .inputInvalid,
            "must be a loopback address such as 127.0.0.1:8780, not \(JSONText.quoted(String(text.prefix(80)))): "
                + "this version speaks without encryption, so other machines must not reach it")
    }
}
