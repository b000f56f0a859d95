import Testing

@testable import MusterWorker

@Suite("The tail of an output")
struct OutputTailTests {
    @Test("a short output is kept whole")
    func short() {
        #expect(OutputTail.text(Array("one\ntwo\n".utf8), isWhole: true) == "one\ntwo\n")
        #expect(OutputTail.text([], isWhole: true) == "")
    }

    @Test("a cut one begins at a line's start")
    func cut() {
        #expect(OutputTail.text(Array("lf\nwhole\nlast".utf8), isWhole: false) == "whole\nlast")
    }

    @Test("one long line is kept as far as it fits, with or without its end")
    func longLine() {
        #expect(OutputTail.text(Array("middle".utf8), isWhole: false) == "middle")
        #expect(OutputTail.text(Array("middle\n".utf8), isWhole: false) == "middle\n")
    }

    @Test("what is no UTF-8, or a zero byte, is replaced and still fits")
    func invalid() {
        #expect(OutputTail.text([97, 0xff, 98, 0, 99], isWhole: true) == "a\u{fffd}b\u{fffd}c")
        let noise = [UInt8](repeating: 0xff, count: WorkerPolicy.tailBytes)
        let text = OutputTail.text(noise, isWhole: true)
        #expect(text.utf8.count <= WorkerPolicy.tailBytes)
        #expect(text.utf8.count > WorkerPolicy.tailBytes - 3)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\u{fffd}" })
    }

    @Test("a character that the cut went through does not make it longer than it may be")
    func cutCharacter() {
        let bytes = Array(String(repeating: "ä", count: WorkerPolicy.tailBytes).utf8)
        let text = OutputTail.text(Array(bytes.suffix(WorkerPolicy.tailBytes - 1)), isWhole: false)
        #expect(text.utf8.count <= WorkerPolicy.tailBytes)
        #expect(text.hasSuffix("ää"))
    }
}
