import Testing

@testable import MusterWorker

@Suite("The service's address")
struct ServiceAddressTests {
    @Test(
        "is a URL or a socket",
        arguments: [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", nil),
            ("https://muster.example/base/", "https://muster.example/base", nil),
            ("http+unix://%2Frun%2Fmuster.sock", "http://localhost", "/run/muster.sock"),
            ("http+unix://%2frun%2fa%20b.sock/", "http://localhost", "/run/a b.sock"),
        ] as [(String, String, String?)])
    func reading(text: String, base: String, socket: String?) throws {
        let address = try ServiceAddress(text)
        #expect(address.base == base)
        #expect(address.unixSocketPath == socket)
    }

    @Test(
        "and nothing else",
        arguments: [
            "", "http://", "http+unix://%2", "http+unix://%00", "http+unix://relative", "file:///etc",
            "http://a b", "http://host?query", "http://host#part",
        ])
    func refusing(text: String) {
        #expect(throws: (any Error).self) { try ServiceAddress(text) }
    }
}
