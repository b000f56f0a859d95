import MusterRuntime
import Testing

@testable import MusterServer

@Suite("A request", .timeLimit(.minutes(3)))
struct RequestReadingTests {
    @Test("reaches the handler as it was sent")
    func whole() async throws {
        let seen = Happenings<ServerRequest>()
        try await withServer(handler: { request in
            seen.happen(request)
            return ServerResponse(status: 201).adding("X-Answer", "yes").adding("X-Empty", "")
        }) { server in
            let client = try RawClient(port: server.port)
            client.send(post("/a/b%2Fc?x=1&y=%20+", "body", "X-One:  1 \t\r\nx-one: 2\r\n"))
            let response = try await client.response()
            #expect(response.status == 201)
            #expect(response.headers["x-answer"] == "yes")
            #expect(response.headers["x-empty"] == nil)
        }
        let request = try await seen.next()
        #expect(request.id == "request-1")
        #expect(request.method == "POST")
        #expect(request.rawTarget == "/a/b%2Fc?x=1&y=%20+")
        #expect(request.path == ["a", "b/c"])
        #expect(request.query.map(\.value) == ["1", "  "])
        #expect(request.header("X-ONE") == "1")
        #expect(request.headers.map(\.name) == ["Host", "X-One", "x-one", "Content-Length"])
        #expect(request.body == Array("body".utf8))
        #expect(request.peer == .network(address: "127.0.0.1"))
    }

    @Test("may follow another on its connection, also before that is answered")
    func pipelining() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            let chunked =
                "PUT /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n"
                + "0\r\nTrailer: ignored\r\n\r\n"
            client.send(get("/1") + post("/2", "two") + chunked + get("/4"))
            let answers = ["GET <1>  ", "POST <2>  two", "PUT <3>  abcde", "GET <4>  "]
            for answer in answers {
                let response = try await client.response()
                #expect(response.text == answer)
                #expect(!response.closes)
            }
            client.send(get("/5", "Connection: close\r\n"))
            #expect(try await client.response().text == "GET <5>  ")
            #expect(try await client.isClosed())
        }
    }

    @Test("in HTTP/1.0 needs no host and closes its connection")
    func http10() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            client.send("GET /old HTTP/1.0\r\n\r\n")
            #expect(try await client.response().text == "GET <old>  ")
            #expect(try await client.isClosed())
        }
    }

    @Test("may name its host in its target")
    func absoluteForm() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            client.send("GET http://LOCALHOST/a?b HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await client.response().text == "GET <a> b= ")
        }
    }

    @Test("that is HEAD learns the length and gets no body")
    func head() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b"))
            let response = try await client.response(toHead: true)
            #expect(response.status == 200)
            #expect(response.contentLength == "HEAD <a>  ".utf8.count)
            #expect(try await client.response().text == "GET <b>  ")
        }
    }

    @Test("that expects to be told is told to go on, or refused before it sends")
    func expectation() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
            client.send(head + "Content-Length: 4\r\n\r\n")
            #expect(try await client.response().status == 100)
            client.send("body")
            #expect(try await client.response().text == "POST   body")
            client.send(head + "Content-Length: 4000000000\r\n\r\n")
            #expect(try await client.response().status == 413)
        }
    }

    @Test("whose answer has no body is answered without one")
    func noContent() async throws {
        try await withServer(handler: { _ in ServerResponse(status: 204) }) { server in
            let client = try RawClient(port: server.port)
            client.send(get("/") + get("/"))
            for _ in 1...2 {
                let response = try await client.response()
                #expect(response.status == 204)
                #expect(response.headers["content-length"] == nil)
            }
        }
    }

    static let unsendable = [
        ServerResponse(status: 200).adding("X-A", "b\r\nSet-Cookie: c"),
        ServerResponse(status: 200).adding("X A", "b"),
        ServerResponse(status: 101), ServerResponse(status: 0), ServerResponse(status: 1000),
    ]

    @Test("whose answer would break the protocol is answered 500", arguments: unsendable.indices)
    func brokenAnswer(index: Int) async throws {
        try await withServer(handler: { _ in Self.unsendable[index] }) { server in
            let client = try RawClient(port: server.port)
            client.send(get("/"))
            let response = try await client.response()
            #expect(response.status == 500)
            #expect(response.text.hasPrefix("{\"code\":\"internal-error\""))
        }
    }

    @Test("may be answered with a large body")
    func largeAnswer() async throws {
        let body = [UInt8](repeating: 7, count: 8 * 1024 * 1024)
        try await withServer(handler: { _ in ServerResponse(type: "x/y", body: body) }) { server in
            let client = try RawClient(port: server.port)
            client.send(get("/"))
            #expect(try await client.response().body == body)
        }
    }
}
