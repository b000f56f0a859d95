import MusterCore
import Testing

@testable import MusterCommand

@Suite("The listen address")
struct ListenAddressTests {
    @Test(
        "is a loopback address and a port",
        arguments: [
            ("127.0.0.1:8780", "127.0.0.1", 8_780), ("127.9.8.7:0", "127.9.8.7", 0),
            ("[::1]:65535", "::1", 65_535),
            ("localhost:1", "127.0.0.1", 1), ("[0:0::1]:2", "0:0::1", 2),
        ] as [(String, String, UInt16)])
    func accepted(text: String, address: String, port: UInt16) throws {
        #expect(try ListenAddress(parsing: text) == ListenAddress(address: address, port: port))
        #expect(try ListenAddress(parsing: ListenAddress(parsing: text).description).port == port)
    }

    @Test(
        "must not be one that other machines can reach",
        arguments: ["0.0.0.0:8780", "192.168.1.1:80", "[::]:80", "[2001:db8::1]:80", "[::ffff:127.0.0.1]:80"])
    func reachable(text: String) throws {
        let thrown = #expect(throws: Problem.self) { try ListenAddress(parsing: text) }
        #expect(thrown?.message.contains("must be a loopback address") == true)
    }

    @Test(
        "must be written out",
        arguments: [
            "", ":", "8780", ":8780", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
            "127.0.0.1:+1", "127.0.0.1:8 0",
            "::1:80", "[::1]", "[]:80", "[127.0.0.1]:80", "127.1:80", "example.org:80", "http://127.0.0.1:80",
            "127.0.0.1:99999999999999999999",
        ])
    func malformed(text: String) throws {
        let thrown = #expect(throws: Problem.self) { try ListenAddress(parsing: text) }
        #expect(thrown?.message.contains("must be ADDRESS:PORT") == true)
    }
}
