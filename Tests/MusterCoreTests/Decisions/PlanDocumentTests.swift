import MusterRuntime
import Testing

@testable import MusterCore

@Suite("A plan as people see it")
struct PlanDocumentTests {
    private func document(
        pending: Int = 3, failures: Double = 0, pause: Pause? = nil, archived: Bool = false,
        at now: Timestamp = noon
    ) -> PlanDocument {
        let shot = snapshot(
            [config("x", failures: failures, isArchived: archived, pause: pause), config("y", weight: 0)],
            pending: pending)
        return PlanDocument(plan(shot), poolID: shot.poolID, at: now)
    }

    @Test("says the same at another time, and with weights that have moved a little")
    func same() {
        #expect(document().says(theSameAs: document(at: noon + .seconds(60))))
        #expect(document().says(theSameAs: document(failures: 1)))
    }

    @Test("does not say the same when numbers, reasons or exclusions differ")
    func different() {
        #expect(!document().says(theSameAs: document(pending: 4)))
        #expect(!document().says(theSameAs: document(archived: true)))
        var other = document()
        other.weights["z"] = other.weights["x"]
        #expect(!document().says(theSameAs: other) && !other.says(theSameAs: document()))
        var retiring = document()
        retiring.retire = ["a/b/local/w"]
        #expect(!document().says(theSameAs: retiring))
        // Nothing is wanted either way; why nothing could be launched is another matter.
        #expect(!document(pending: 0).says(theSameAs: document(pending: 0, pause: Pause())))
    }

    @Test("is kept as JSON, and read again as it was")
    func json() throws {
        let original = document()
        let text = String(decoding: JSON.encode(original), as: UTF8.self)
        #expect(try JSON.decode(PlanDocument.self, from: Array(text.utf8)) == original)
        let json = try JSON.document(Array(text.utf8))
        #expect(json["version"]?.canonicalJSON == "1" && json["workerPoolId"]?.canonicalJSON == "\"a/b\"")
        #expect(json["wanted"]?.canonicalJSON == "3" && json["supply"]?.canonicalJSON == "0")
        #expect(json["toLaunch"]?.canonicalJSON == "3" && json["retire"]?.canonicalJSON == "[]")
        #expect(
            json["launches"]?.canonicalJSON == #"[{"capacity":3,"instances":3,"launchConfigId":"x"}]"#)
        #expect(
            json["weights"]?.canonicalJSON
                == #"{"x":{"balance":1,"errorRatio":0,"weight":1},"#
                + #""y":{"balance":0,"errorRatio":0,"reason":"switched-off","weight":0}}"#)
        #expect(
            json["reasons"]?.canonicalJSON
                == #"[{"code":"demand","message":"3 tasks wait and 0 are claimed."}]"#)
    }

    static let reasons: [(reason: PlanReason, code: String, sentence: String)] = [
        (
            .demandUnknown(because: "no answer"), "demand-unknown",
            "Demand is unknown (no answer): only the minimum is kept, and nothing is retired for its number."
        ),
        (.held(.frozen), "frozen", "Everything is frozen: nothing is launched."),
        (.held(.paused(until: nil)), "paused", "The pool is paused: nothing is launched."),
        (
            .held(.paused(until: Timestamp(milliseconds: 0))), "paused",
            "The pool is paused until 1970-01-01T00:00:00.000Z: nothing is launched."
        ),
        (.held(.deleted), "deleted", "The pool has been deleted: nothing is launched."),
        (.wantedForDemand(pending: 3, claimed: 2), "demand", "3 tasks wait and 2 are claimed."),
        (.wantedForDemand(pending: 1, claimed: 1), "demand", "1 task waits and 1 is claimed."),
        (.minimum(4), "minimum", "The minimum of 4 is kept."),
        (.maximum(5, wouldWant: 9), "maximum", "The maximum of 5 is reached; 9 would be wanted."),
        (
            .roomTaken(2), "room-taken",
            "Capacity of 2 that no longer takes work still counts against the maximum."
        ),
        (
            .resting(LaunchConfigID(rawValue: "x"), until: Timestamp(milliseconds: 0)), "resting",
            "The launch config x rests after failures until 1970-01-01T00:00:00.000Z."
        ),
        (
            .unavailable(
                LaunchConfigID(rawValue: "eu-1"), until: Timestamp(milliseconds: 0),
                because: "capacity, InsufficientInstanceCapacity"), "unavailable",
            "The launch config eu-1 has no offering that is available until 1970-01-01T00:00:00.000Z: "
                + "capacity, InsufficientInstanceCapacity."
        ),
        (
            .probing(LaunchConfigID(rawValue: "x")), "probing",
            "No offering of the launch config x was available: one of its instances is tried, and the next when "
                + "that has come or was refused."
        ),
        (
            .noRoom(capacity: 7), "no-launch-config",
            "No launch config can take 7 of what is missing: see the weights for why."
        ),
        (.surplus(3), "surplus", "There is 3 more than is wanted; idle workers are retired first."),
    ]

    @Test("gives each reason a word for programs and a sentence for people", arguments: reasons)
    func sentence(reason: PlanReason, code: String, sentence: String) {
        #expect(reason.code == code)
        #expect(reason.sentence == sentence)
    }

    @Test("Demand is known for two minutes, and then nobody knows")
    func staleness() {
        let demand = Demand.known(pending: 3, claimed: 1, observedAt: noon)
        #expect(demand.fresh(at: noon + .seconds(120)) == demand)
        #expect(
            demand.fresh(at: noon + .seconds(120) + .milliseconds(1))
                == .unknown(because: "the task source's numbers are from \(noon)"))
        // A clock that was set back makes nothing older.
        #expect(demand.fresh(at: noon - .seconds(500)) == demand)
        let unknown = Demand.unknown(because: "no answer")
        #expect(unknown.fresh(at: noon + .seconds(9_999)) == unknown)
    }

    @Test("says of what holds launches back what would change it, and of nothing else")
    func remedies() {
        func remedies(of shot: PoolSnapshot) -> [String: String?] {
            let document = PlanDocument(plan(shot), poolID: shot.poolID, at: noon)
            return Dictionary(
                document.reasons.map { ($0.code, $0.remedy) }, uniquingKeysWith: { first, _ in first })
        }
        #expect(remedies(of: snapshot([config("c")], pending: 3)) == ["demand": nil])
        #expect(
            remedies(of: snapshot([config("c")], pending: 9, max: 4)) == [
                "demand": nil, "maximum": "A larger maxCapacity.",
            ])
        let paused = remedies(of: snapshot([config("c")], pending: 9, hold: .paused(until: nil)))
        #expect(paused["paused"] == "muster pool resume")
        let stopping = remedies(of: snapshot([config("c", other: [.stopping: 3])], pending: 4, max: 4))
        #expect(stopping["room-taken"]??.contains("stoppingTimeout") == true)
    }
}
