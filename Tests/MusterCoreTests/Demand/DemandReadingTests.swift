import MusterCore
import MusterRuntime
import Testing

@Suite("A reading of an external source")
struct DemandReadingTests {
    private func reading(
        _ json: String, claimed: String? = "/claimed", observedAt: String? = nil, idle: String? = nil
    ) throws -> DemandReading {
        let source = ExternalSource(
            .file(path: "/d"), pending: try #require(JSONPointer("/pending")),
            claimed: claimed.flatMap(JSONPointer.init), observedAt: observedAt.flatMap(JSONPointer.init),
            idle: idle.flatMap(JSONPointer.init))
        return try DemandReading(JSON.document(Array(json.utf8)), from: source, answeredAt: noon)
    }

    @Test("takes the numbers, and the moment of the answer where the document says none")
    func numbers() throws {
        #expect(
            try reading(#"{"pending": 3, "claimed": 2}"#)
                == DemandReading(pending: 3, claimed: 2, observedAt: noon))
        #expect(try reading(#"{"pending": "3", "claimed": 2.0}"#).pending == 3)
        #expect(try reading(#"{"pending": 3}"#, claimed: nil).claimed == nil)
    }

    @Test(
        "takes the time as ISO 8601 or as seconds since 1970",
        arguments: [#""2027-01-15T08:00:00Z""#, "1800000000", "1800000000.0"])
    func times(time: String) throws {
        let json = "{\"pending\": 1, \"claimed\": 0, \"at\": \(time)}"
        #expect(try reading(json, observedAt: "/at").observedAt == noon)
    }

    @Test("takes the idle instances by name")
    func idle() throws {
        let json = #"{"pending": 1, "claimed": 0, "idle": ["i-1", "i-2"]}"#
        #expect(try reading(json, idle: "/idle").idle == ["i-1", "i-2"])
        #expect(try reading(json).idle == nil)
    }

    @Test(
        "is none, rather than zero, when anything is not there or makes no sense",
        arguments: [
            "{}", #"{"pending": 1}"#, #"{"pending": null, "claimed": 0}"#, #"{"pending": -1, "claimed": 0}"#,
            #"{"pending": 1.5, "claimed": 0}"#, #"{"pending": "many", "claimed": 0}"#,
            #"{"pending": 1e12, "claimed": 0}"#, #"{"pending": [1], "claimed": 0}"#, "[]", "3",
        ])
    func unknown(json: String) {
        #expect { try reading(json) } throws: { ($0 as? Problem)?.code == .answerUnexpected }
    }

    @Test("is none when its time or its idle list is not what it should be")
    func unknownParts() {
        for time in [#""yesterday""#, "-1", "1e15", "null", "{}"] {
            #expect(throws: Problem.self) {
                try reading("{\"pending\": 1, \"claimed\": 0, \"at\": \(time)}", observedAt: "/at")
            }
        }
        for idle in ["3", "[1]", "null"] {
            #expect(throws: Problem.self) {
                try reading("{\"pending\": 1, \"claimed\": 0, \"idle\": \(idle)}", idle: "/idle")
            }
        }
    }
}
