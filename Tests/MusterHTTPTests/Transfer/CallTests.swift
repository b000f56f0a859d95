import MusterCore
import Testing

@testable import MusterHTTP

struct CallTests {
    @Test("the first outcome counts, and only who settles a waiting call is told so")
    func once() async throws {
        let call = try Call(HTTPRequest(.get, "http://host/"))
        let outcome = await withCheckedContinuation { continuation in
            #expect(call.wait(continuation))
            #expect(!call.isSettled)
            #expect(call.settle(.failure(call.cancelled)))
            #expect(call.isSettled)
            #expect(!call.settle(.failure(call.shutDown)))
        }
        #expect(throws: call.cancelled) { try outcome.get() }
    }

    @Test("an outcome from before the wait is kept for it")
    func early() async throws {
        let call = try Call(HTTPRequest(.get, "http://host/"))
        #expect(!call.settle(.failure(call.cancelled)))
        #expect(!call.settle(.failure(call.shutDown)))
        #expect(call.isSettled)
        let outcome = await withCheckedContinuation { continuation in
            #expect(!call.wait(continuation))
        }
        #expect(throws: call.cancelled) { try outcome.get() }
    }
}
