import Testing

@testable import MusterHTTP

struct AnswerHeadTests {
    @Test(
        "lines become headers",
        arguments: [
            (["HTTP/1.1 200 OK", "A: 1", "b:2", ""], ["A=1", "b=2"]),
            (["HTTP/2 200 ", "a: \t spaced \t", ""], ["a=spaced"]),
            (["HTTP/1.1 200 OK", "Time: 10:20:30", "Empty:", ""], ["Time=10:20:30", "Empty="]),
            (["HTTP/1.1 200 OK", "Long: one", "\ttwo", "  three", ""], ["Long=one two three"]),
            (["HTTP/1.1 200 OK", " nothing before", "no colon", ""], []),
            (["HTTP/1.1 200 OK", "HTTP/odd: 1", ""], ["HTTP/odd=1"]),
            (["HTTP/1.1 100 Continue", "A: 1", "", "HTTP/1.1 200 OK", "B: 2", ""], ["B=2"]),
            (["HTTP/1.1 200 OK", "A: 1", "", "Trailer: late", ""], ["A=1"]),
            (["stray", "HTTP/1.1 200 OK", "A: 1"], ["A=1"]),
        ])
    func lines(lines: [String], headers: [String]) {
        var head = AnswerHead()
        for line in lines {
            let isWithinBounds = head.take(Array((line + "\r\n").utf8))
            #expect(isWithinBounds)
        }
        #expect(head.headers.map { "\($0.name)=\($0.value)" } == headers)
    }

    @Test("bytes that are no text become replacement characters")
    func bytes() {
        var head = AnswerHead()
        _ = head.take(Array("HTTP/1.1 200 OK\r\n".utf8))
        _ = head.take(Array("A: ".utf8) + [0xff] + Array("\r\n".utf8))
        #expect(head.headers.first?.value == "\u{fffd}")
    }

    @Test("interim answers without end run into the bound")
    func endless() {
        var head = AnswerHead()
        let interim = ["HTTP/1.1 100 Continue\r\n", "\r\n"].map { Array($0.utf8) }
        let taken = (0..<HTTPPolicy.headerBytesLimit).prefix { head.take(interim[$0 % 2]) }.count
        #expect(taken < HTTPPolicy.headerBytesLimit / 10)
    }
}
