import Testing

@testable import MusterHTTP

struct LoopMailboxTests {
    @Test("commands come once and in order, and none is taken after the stop")
    func order() throws {
        let multi = try MultiHandle(HTTPClientConfiguration())
        let mailbox = LoopMailbox(waking: multi)
        let first = try Call(HTTPRequest(.get, "http://first/"))
        let second = try Call(HTTPRequest(.get, "http://second/"))

        #expect(mailbox.post(.start(first)))
        #expect(mailbox.post(.abandon(second)))
        mailbox.stop()
        #expect(!mailbox.post(.start(second)))

        let delivery = mailbox.drain()
        #expect(delivery.isStopping)
        let names = delivery.commands.map { command in
            switch command {
            case .start(let call): "start \(call.target)"
            case .abandon(let call): "abandon \(call.target)"
            }
        }
        #expect(names == ["start http://first", "abandon http://second"])
        #expect(mailbox.drain().commands.isEmpty)

        mailbox.forgetLoop()
        multi.close()
        mailbox.stop()
    }
}
