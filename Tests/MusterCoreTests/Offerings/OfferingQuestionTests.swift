import MusterCore
import MusterRuntime
import Testing

@Suite("Offerings in a snapshot as JSON")
struct OfferingQuestionTests {
    private func question(_ offerings: String) throws -> DecisionQuestion {
        let json = """
            {"now": "2027-01-15T08:00:00Z", "pool": {"id": "a/b", "maxCapacity": 9}, "demand": {"pending": 5},
             "launchConfigs": [{"id": "one", "offerings": \(offerings)}, {"id": "two", "maxCapacity": 2}]}
            """
        return try DecisionQuestion(try JSON.document(Array(json.utf8)))
    }

    private func launched(_ offerings: String) throws -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: try question(offerings).plan.launches.map {
                ($0.launchConfigID.rawValue, $0.count)
            })
    }

    @Test("One that is free leaves the config as it is; when none is, nothing is launched from it")
    func taken() throws {
        #expect(try launched("[]") == ["one": 3, "two": 2])
        #expect(try launched(#"[{"name": "a", "scopes": ["s"]}]"#) == ["one": 3, "two": 2])
        #expect(
            try launched(#"[{"name": "a", "unavailableUntil": "2027-01-15T08:02:00Z"}, {"name": "b"}]"#)
                == ["one": 3, "two": 2])
        let closed = try question(
            #"[{"name": "a", "unavailableUntil": "2027-01-15T08:02:00Z", "markedAt": "2027-01-15T07:59:00Z"}]"#
        ).plan
        #expect(closed.launches.map(\.launchConfigID.rawValue) == ["two"])
        let reason = try #require(closed.reasons.first { $0.code == "unavailable" })
        // The other cannot take all five: it is tried two minutes after it was marked.
        #expect(
            reason.sentence
                == "The launch config one has no offering that is available until 2027-01-15T08:01:00.000Z.")
        #expect(
            try launched(#"[{"name": "a", "unavailableUntil": "2027-01-15T08:00:00Z"}]"#) == [
                "one": 1, "two": 2,
            ])
    }

    @Test(
        "Nonsense is an error that names the field",
        arguments: [
            (#"[{}]"#, "name"), (#"[{"name": ""}]"#, "name"), (#"[{"name": 3}]"#, "name"),
            (#"[{"name": "a", "scopes": "s"}]"#, "scopes"), (#"[{"name": "a", "scopes": [1]}]"#, "scopes[0]"),
            (#"[{"name": "a", "unavailableUntil": "soon"}]"#, "unavailableUntil"),
            (#"[{"name": "a", "markedAt": "2027-01-15T08:00:00Z"}]"#, "markedAt"),
            (
                #"[{"name": "a", "unavailableUntil": "2027-01-15T08:00:00Z", "markedAt": "2027-01-15T08:00:01Z"}]"#,
                "markedAt"
            ),
            (#"[{"name": "a", "untill": 1}]"#, "untill"),
        ])
    func nonsense(offerings: String, field: String) {
        let problems = #expect(throws: Problems.self) { try question(offerings) }
        #expect(problems?.all.map(\.field) == ["launchConfigs[0].offerings[0].\(field)"])
        let twice = #expect(throws: Problems.self) { try question(#"[{"name": "a"}, {"name": "a"}]"#) }
        #expect(twice?.all.map(\.field) == ["launchConfigs[0].offerings[1].name"])
    }
}
