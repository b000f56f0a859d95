import MusterRuntime
import Testing

@testable import MusterServer

@Suite("A client that leaves", .timeLimit(.minutes(3)))
struct HangUpTests {
    @Test("while its handler waits has the handler cancelled at once", arguments: ["leaves", "half"])
    func cancelled(how: String) async throws {
        let started = Happenings<Void>()
        let cancelled = Happenings<Void>()
        try await withServer(handler: { request in
            request.watchForHangUp()
            started.happen(())
            await untilCancelled()
            cancelled.happen(())
            return .text("cancelled")
        }) { server in
            let client = try RawClient(port: server.port)
            client.send(get("/"))
            try await started.next()
            if how == "half" { client.finishSending() } else { client.hangUp() }
            try await cancelled.next()
            if how == "half" { #expect(try await client.response().text == "cancelled") }
        }
    }

    @Test("before its handler asks to be told is noticed too")
    func before() async throws {
        let started = Happenings<Void>()
        let hasLeft = Gate()
        let cancelled = Happenings<Void>()
        try await withServer(handler: { request in
            started.happen(())
            await hasLeft.pass()
            request.watchForHangUp()
            request.watchForHangUp()
            await untilCancelled()
            cancelled.happen(())
            return .text("")
        }) { server in
            let client = try RawClient(port: server.port)
            client.send(get("/"))
            try await started.next()
            client.hangUp()
            hasLeft.open()
            try await cancelled.next()
        }
    }

    @Test("takes nothing with it: requests behind it on other connections are answered")
    func others() async throws {
        let started = Happenings<Void>()
        let cancelled = Happenings<Void>()
        let gate = Gate()
        try await withServer(handler: { request in
            request.watchForHangUp()
            if request.path == ["stays"] {
                started.happen(())
                await gate.pass()
                return .text("stayed \(Task.isCancelled)")
            }
            await untilCancelled()
            cancelled.happen(())
            return .text("")
        }) { server in
            let stays = try RawClient(port: server.port)
            stays.send(get("/stays"))
            try await started.next()
            for _ in 1...20 {
                let leaves = try RawClient(port: server.port)
                leaves.send(get("/leaves"))
                leaves.finishSending()
                try await cancelled.next()
            }
            gate.open()
            #expect(try await stays.response().text == "stayed false")
            // Watching ended with the answer: a second request on the connection is not cancelled by the
            // first one's watch, and is watched by its own.
            stays.send(get("/stays"))
            #expect(try await stays.response().text == "stayed false")
            stays.send(get("/leaves"))
            stays.hangUp()
            try await cancelled.next()
        }
    }

    @Test("among two hundred that wait is the only one cancelled")
    func manyWait() async throws {
        let started = Happenings<Void>()
        let gate = Gate()
        let cancelled = Happenings<String>()
        try await withServer(handler: { request in
            request.watchForHangUp()
            started.happen(())
            if request.path == ["leaves"] {
                await untilCancelled()
                cancelled.happen(request.rawTarget)
            } else {
                await gate.pass()
                if Task.isCancelled { cancelled.happen(request.rawTarget) }
            }
            return .text(request.rawTarget)
        }) { server in
            let leaves = try RawClient(port: server.port)
            leaves.send(get("/leaves"))
            let clients = try (0..<200).map { _ in try RawClient(port: server.port) }
            for (index, client) in clients.enumerated() { client.send(get("/\(index)")) }
            for _ in 0...200 { try await started.next() }
            leaves.hangUp()
            #expect(try await cancelled.next() == "/leaves")
            gate.open()
            for (index, client) in clients.enumerated() {
                #expect(try await client.response().text == "/\(index)")
            }
        }
        #expect(cancelled.left == [])
    }
}
