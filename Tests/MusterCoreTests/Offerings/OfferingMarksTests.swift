import Testing

@testable import MusterCore

/// A mark that was made and ends so many seconds after noon.
private func mark(_ name: String, _ markedAt: Int64, _ until: Int64, code: String = "ICE") -> OfferingMark {
    OfferingMark(
        providerID: ProviderID(rawValue: "aws"), name: name, cause: .capacity, cloudCode: code, message: "",
        markedAt: noon + .seconds(markedAt), until: noon + .seconds(until))
}

private let a = Offering(name: "a", scopes: ["vcpu"])
private let b = Offering(name: "b", scopes: ["vcpu", "gpu"])
private let c = Offering(name: "c")

@Suite("Whether a launch config's offerings are to be had")
struct OfferingMarksTests {
    /// What is expected of offerings with marks at noon.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let offerings: [Offering]
        let marks: [OfferingMark]
        let expected: Availability

        init(_ name: String, _ offerings: [Offering], _ marks: [OfferingMark], _ expected: Availability) {
            testDescription = name
            self.offerings = offerings
            self.marks = marks
            self.expected = expected
        }
    }

    private static func closed(_ until: Int64, markedAt: Int64, _ code: String = "ICE") -> Availability {
        .closed(
            .init(
                until: noon + .seconds(until), markedAt: noon + .seconds(markedAt),
                reason: "capacity, \(code)"))
    }

    private static let cases = [
        Case("nothing is marked", [a, b], [], .open),
        Case("another offering is marked", [a, b], [mark("c", -10, 170)], .open),
        Case("one of two is marked", [a, b], [mark("a", -10, 170)], .open),
        Case("one of two was marked, the other is free", [a, b], [mark("a", -200, -20)], .open),
        Case(
            "both are marked", [a, b], [mark("a", -10, 170), mark("b", -60, 120)], closed(120, markedAt: -10)),
        Case(
            "the only one is marked", [c], [mark("c", -10, 170, code: "X")], closed(170, markedAt: -10, "X")),
        Case(
            "a scope that all are part of is marked", [a, b], [mark("vcpu", -10, 590)],
            closed(590, markedAt: -10)),
        Case("a scope of one of two is marked", [a, b], [mark("gpu", -10, 590)], .open),
        Case("a scope that others are part of is marked", [c], [mark("vcpu", -10, 590)], .open),
        Case(
            "an offering and its scope are marked: the later end counts", [a],
            [mark("a", -10, 170), mark("vcpu", -60, 540)], closed(540, markedAt: -10)),
        Case("the time of the only one is over", [c], [mark("c", -180, 0)], .probe),
        Case("the time of one of two is over", [a, b], [mark("a", -180, 0), mark("b", -10, 170)], .probe),
        Case(
            "the time of an offering is over, and its scope is marked", [a],
            [mark("a", -180, 0), mark("vcpu", -10, 590)], closed(590, markedAt: -10)),
        Case("it was marked so long ago that it says nothing", [c], [mark("c", -1_080, -900)], .open),
        Case("nearly so long ago", [c], [mark("c", -1_080, -899)], .probe),
        Case("a provider without offerings", [], [mark("c", -10, 170)], .open),
    ]

    @Test("One that is free opens it, one whose time is over is tried, else it is closed", arguments: cases)
    func availability(_ expectation: Case) {
        #expect(
            OfferingMarks(expectation.marks).availability(of: expectation.offerings, at: noon)
                == expectation.expected)
    }

    @Test("The last word of a name counts, and what is taken back is forgotten")
    func lastWord() {
        var marks = OfferingMarks([mark("c", -10, 170), mark("c", -60, 500)])
        #expect(marks.all == [mark("c", -10, 170)])
        marks.add(mark("c", 0, 180))
        #expect(marks.all == [mark("c", 0, 180)])
        marks.remove(["c", "d"])
        #expect(marks.isEmpty)
    }

    @Test(
        "Instances show marks to be wrong that were made before, where it is sure what they are",
        arguments: [
            // Said: the offering's own marks and those of its scopes, and no others.
            (["a"], [mark("a", -180, 0), mark("b", -180, 0)], ["a"]),
            (["a"], [mark("a", -60, 120), mark("vcpu", -60, 540), mark("gpu", -60, 540)], ["a", "vcpu"]),
            (["a"], [mark("a", 5, 185)], []),
            (["other"], [mark("other", -60, 120), mark("a", -180, 0)], ["other"]),
            // Not said: all whose time is over.
            ([nil], [mark("a", -180, 0), mark("b", -180, 0)], ["a", "b"]),
            // What holds is wrong only where they can be nothing else.
            ([nil], [mark("a", -60, 120)], []),
            ([nil], [mark("a", -60, 120), mark("b", -60, 120)], ["a", "b"]),
            ([nil], [mark("a", -60, 120), mark("b", 5, 185)], ["a"]),
            ([], [mark("a", -180, 0)], []),
        ] as [([String?], [OfferingMark], [String])])
    func disproved(obtained: [String?], marks: [OfferingMark], expected: [String]) {
        let names = OfferingMarks(marks).disproved(
            by: obtained, of: [a, b], askedAt: noon, at: noon + .seconds(10))
        #expect(names == expected)
    }
}
