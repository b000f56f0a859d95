import MusterCore
import MusterHTTP
import Testing

@Suite(.timeLimit(.minutes(3)), .enabled(if: TLSServer.isThere, "OpenSSL's command is the server"))
struct TrustTests {
    @Test("a server with a certificate of an authority that is trusted answers")
    func trusted() async throws {
        let server = try TLSServer(names: "IP:127.0.0.1")
        let response = try await withClient(.init(certificateAuthorities: server.certificate)) {
            try await $0.send(HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"))
        }
        #expect(response.status == 200)
        #expect(!response.body.isEmpty)
    }

    @Test("a certificate that nobody vouches for is refused, and the problem says so")
    func unknownAuthority() async throws {
        let server = try TLSServer(names: "IP:127.0.0.1")
        let failure = try await withClient {
            await problem($0, HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"))
        }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("certificate") == true)
    }

    @Test("a trusted certificate for another name is refused")
    func otherName() async throws {
        let server = try TLSServer(names: "DNS:muster.invalid")
        let failure = try await withClient(.init(certificateAuthorities: server.certificate)) {
            await problem($0, HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"))
        }
        #expect(failure?.code == .networkRefused)
        #expect(failure?.message.contains("127.0.0.1") == true)
    }

    @Test("a file of authorities that is not there fails the call, not the trust")
    func noAuthorities() async throws {
        let server = try TLSServer(names: "IP:127.0.0.1")
        let failure = try await withClient(.init(certificateAuthorities: "/nowhere/authorities.pem")) {
            await problem($0, HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"))
        }
        #expect(failure?.code == .networkRefused)
    }
}
