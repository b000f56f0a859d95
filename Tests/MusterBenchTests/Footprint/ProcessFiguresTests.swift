import Glibc
import Testing

@testable import MusterBench

@Suite("What the kernel says of a process")
struct ProcessFiguresTests {
    @Test("is its memory in millions of bytes")
    func memory() {
        let text = "55 ---p 00000000 00:00 0 [rollup]\nRss:     1000 kB\nPss_Dirty: 7 kB\nPss:      500 kB\n"
        #expect(ProcessMemory(rollup: text) == ProcessMemory(resident: 1.024, proportional: 0.512))
        #expect(ProcessMemory(rollup: "Rss: 1000 kB\n") == nil)
    }

    @Test("is how often its threads were given the processor")
    func switches() {
        let text = "Name:\tmuster\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t5\n"
        #expect(ThreadSwitches.switches(in: text) == 155)
        #expect(ThreadSwitches.switches(in: "Name:\tmuster\n") == 0)
    }

    @Test("counts a thread that has begun meanwhile from its begin, and leaves out one that has ended")
    func since() {
        let before = ThreadSwitches([1: 10, 2: 20])
        let after = ThreadSwitches([1: 13, 3: 5])
        #expect(after.since(before) == 8)
    }

    @Test("can be asked of this one")
    func here() throws {
        #expect(try ProcessMemory.read(getpid()).resident > 1)
        let before = try ThreadSwitches.read(getpid())
        #expect(try ThreadSwitches.read(getpid()).since(before) >= 0)
    }
}
