import MusterCore
import Testing

@testable import MusterSimulator

@Suite("Recorded workloads")
struct TraceTests {
    private func record(_ arrival: UInt32, _ duration: UInt32) -> [UInt8] {
        [arrival, duration].flatMap { number in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
        }
    }

    @Test("binary records are big-endian, and begin at their first arrival")
    func binary() throws {
        let trace = try Trace(
            name: "a.dat", binary: record(67_949, 649_823) + record(67_949, 0) + record(4_294_967_295, 5))
        #expect(trace.tasks.map(\.arrival) == [0, 0, 4_294_899_346])
        #expect(trace.tasks.map(\.duration) == [649_823, 0, 5])
        #expect(trace.span == .milliseconds(4_294_899_346) && trace.taskTime == .milliseconds(649_828))
        #expect(trace.tenants == [.unnamed])
    }

    @Test("a table may have its columns and its lines in any order, and leave tenants and priorities out")
    func csv() throws {
        let text =
            "duration_s,arrival_s,priority,tenant\r\n1.5,20,high,bob\r\n\n 2 ,10.0005,,\n3,10,lowest,ada"
        let trace = try Trace(name: "a.csv", csv: Array(text.utf8))
        #expect(trace.tenants.map(\.rawValue) == ["ada", "bob", "default"])
        #expect(trace.tasks.map(\.arrival) == [0, 1, 10_000])
        #expect(trace.tasks.map(\.duration) == [3_000, 2_000, 1_500])
        #expect(trace.tasks.map(\.tenant) == [0, 2, 1])
        #expect(trace.tasks.map(\.priority) == [.lowest, .medium, .high])
    }

    @Test(
        "what is no workload is refused with its place",
        arguments: [
            ("", "line 1: a.csv is empty: the first line must name the columns arrival_s,duration_s"),
            ("arrival_s,duration_s\n", "a.csv has no tasks"),
            ("arrival_s\n1", "line 1: duration_s: is missing in the heading"),
            ("arrival_s,duration\n", "line 1: there is no column \"duration\"; did you mean duration_s?"),
            ("arrival_s,arrival_s\n", "line 1: arrival_s: is named twice"),
            ("arrival_s,duration_s\n1,2\n3\n", "line 3: has 1 fields, and the heading 2"),
            (
                "arrival_s,duration_s\n1,-2\n",
                "line 2: duration_s: must be a number of seconds that is not negative, not \"-2\""
            ),
            (
                "arrival_s,duration_s\nnan,2\n",
                "line 2: arrival_s: must be a number of seconds that is not negative, not \"nan\""
            ),
            (
                "arrival_s,duration_s\n1e300,2\n",
                "line 2: arrival_s: must be a number of seconds that is not negative, not \"1e300\""
            ),
            (
                "arrival_s,duration_s,priority\n1,2,urgent\n",
                "line 2: priority: must be one of highest, very-high, high, medium, low, very-low, lowest, not "
                    + "\"urgent\""
            ),
            (
                "arrival_s,duration_s,tenant\n1,2,a\u{7}b\n",
                "line 2: tenant: \"a\\u0007b\" is not a tenant: 1 to 128 bytes of text without control characters"
            ),
        ])
    func refusedTable(text: String, message: String) {
        let problem = #expect(throws: Problem.self) { try Trace(name: "a.csv", csv: Array(text.utf8)) }
        #expect(problem?.description.hasPrefix(message + " [input-") == true, "\(problem?.description ?? "")")
    }

    @Test("records that are cut off, or that go back in time, are refused")
    func refusedRecords() {
        let cut = #expect(throws: Problem.self) {
            try Trace(name: "a", binary: Array(self.record(1, 1).dropLast()))
        }
        #expect(cut?.message.contains("7 bytes") == true)
        let back = #expect(throws: Problem.self) {
            try Trace(name: "a", binary: self.record(2, 1) + self.record(1, 1))
        }
        #expect(back?.message.contains("record 2 of a") == true && back?.field == "arrival")
        #expect(throws: Problem.self) { try Trace(name: "a", binary: []) }
    }
}
