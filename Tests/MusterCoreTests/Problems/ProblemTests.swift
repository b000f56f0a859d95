import MusterCore
import Testing

@Suite("Problems")
struct ProblemTests {
    @Test("print as place, message and code on one line")
    func description() {
        #expect(
            Problem(.inputInvalid, "must be a string", field: "a.b", line: 3).description
                == "line 3: a.b: must be a string [input-invalid]")
        #expect(Problem(.usage, "what?", field: "").description == "what? [usage]")
    }

    @Test("are never an empty list, and print one a line")
    func several() {
        #expect(Problems([]) == nil)
        let both = Problems([Problem(.usage, "a"), Problem(.conflict, "b")])
        #expect(both?.description == "a [usage]\nb [conflict]")
    }

    @Test("have codes that can label a metric and that differ from one another")
    func codes() {
        for code in ProblemCode.allCases {
            #expect(code.rawValue.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }, "\(code)")
        }
        #expect(Set(ProblemCode.allCases.map(\.rawValue)).count == ProblemCode.allCases.count)
    }
}
