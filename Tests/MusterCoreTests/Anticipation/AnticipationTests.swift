import MusterCore
import MusterRuntime
import Testing

@Suite("What a pool says of anticipation")
struct AnticipationTests {
    private func read(_ json: String) throws -> (Anticipation, [String]) {
        let reader = DocumentReader(try JSON.document(Array(json.utf8)))
        let anticipation = Anticipation(reader)
        return (anticipation, reader.found.map(\.description))
    }

    @Test(
        "is read, and written as it differs from the usual",
        arguments: [
            ("{}", "{}"), (#"{"anticipate":true,"waitValue":3}"#, "{}"),
            (#"{"anticipate":false}"#, #"{"anticipate":false}"#),
            (
                #"{"anticipate":false,"headroom":3}"#,
                #"{"anticipate":{"freed":false,"idle":false},"headroom":3}"#
            ),
            (#"{"anticipate":{"idle":false}}"#, #"{"anticipate":{"freed":true,"idle":false}}"#),
            (#"{"anticipate":{"freed":false}}"#, #"{"anticipate":{"freed":false,"idle":true}}"#),
            (#"{"headroom":"auto"}"#, "{}"), (#"{"headroom":"none"}"#, #"{"headroom":"none"}"#),
            (#"{"headroom":"0%"}"#, #"{"headroom":"none"}"#),
            (#"{"headroom":"12.5%","waitValue":10}"#, #"{"headroom":"12.5%","waitValue":10}"#),
        ])
    func documents(given: String, written: String) throws {
        let (anticipation, problems) = try read(given)
        #expect(problems.isEmpty)
        let text = Document(.object(anticipation.members)).canonicalJSON
        #expect(text == written)
        #expect(try read(text).0 == anticipation)
    }

    @Test(
        "is refused with the field and what to do",
        arguments: [
            (#"{"anticipate":"yes"}"#, "anticipate: must be true, false, or an object with freed and idle"),
            (#"{"anticipate":{"idel":true}}"#, "anticipate.idel: is not a known field; did you mean idle?"),
            (#"{"headroom":"much"}"#, "headroom: must be auto, none, a number of tasks, or a part such as"),
            (#"{"headroom":"-5%"}"#, "headroom: must be from 0% to 1000%"),
            (#"{"headroom":"nan%"}"#, "headroom: must be from 0% to 1000%"),
            (#"{"headroom":-1}"#, "headroom: must be from 0 to 1000000, not -1"),
            (#"{"headroom":[]}"#, "headroom: must be auto, none, a number of tasks, or a part such as"),
            (#"{"waitValue":-0.1}"#, "waitValue: must be from 0.0 to 1000.0, not -0.1"),
        ])
    func refused(given: String, problem: String) throws {
        let (_, problems) = try read(given)
        #expect(problems.count == 1 && problems.allSatisfy { $0.contains(problem) }, "\(problems)")
    }

    @Test("An hour of waiting that is worth four of idling asks to be ready in four of five cases")
    func coverage() {
        var anticipation = Anticipation()
        anticipation.waitValue = 4
        #expect(abs(anticipation.coverage - 0.8) < 1e-12)
        #expect(anticipation.keepingCoverage > anticipation.coverage)
        anticipation.waitValue = 0
        #expect(anticipation.coverage == 0)
    }

    @Test(
        "Need keeps idle workers that are not needed for half a minute at most; without it the idle time counts"
    )
    func idleTime() {
        var lifecycle = Lifecycle()
        #expect(Anticipation().idleTime(lifecycle) == .seconds(30))
        #expect(Anticipation.off.idleTime(lifecycle) == .seconds(120))
        lifecycle.idleTimeout = .seconds(5)
        #expect(Anticipation().idleTime(lifecycle) == .seconds(5))
    }
}
