import Testing

@testable import MusterCore

@Suite("A launch")
struct LaunchTests {
    static let launch = Launch(
        id: LaunchID(rawValue: "l1"), poolID: PoolID(rawValue: "a/b"),
        launchConfigID: LaunchConfigID(rawValue: "standard"), providerID: ProviderID(rawValue: "local"),
        count: 3, capacityPerInstance: 4, body: "{}", epoch: 7, plannedAt: noon)

    static let error = CloudError(.network, cloudCode: "ETIMEDOUT", message: "no answer")

    static func launch(_ state: Launch.State) -> Launch {
        var launch = Self.launch
        switch state {
        case .planned: break
        case .settled: _ = launch.settle(obtained: 2, error: nil, at: noon)
        case .abandoned: _ = launch.abandon(because: error, at: noon)
        }
        return launch
    }

    @Test(
        "Every event is for planned launches only: what is over stays as it is",
        arguments: Launch.State.allCases)
    func table(state: Launch.State) {
        let later = noon + .seconds(9)
        let events: [(String, Launch.State, (inout Launch) -> Bool)] = [
            ("send", .planned, { $0.send(at: later) }),
            ("settle", .settled, { $0.settle(obtained: 1, error: Self.error, at: later) }),
            ("abandon", .abandoned, { $0.abandon(because: Self.error, at: later) }),
        ]
        for (name, after, event) in events {
            let before = Self.launch(state)
            var launch = before
            let happened = event(&launch)
            #expect(happened == (state == .planned), "\(name) when \(state)")
            if happened {
                #expect(launch.state == after && launch != before, "\(name) when \(state)")
            } else {
                #expect(launch == before, "\(name) when \(state)")
            }
        }
    }

    @Test("Sending is counted, and what came is kept with what failed")
    func fields() {
        var launch = Self.launch
        _ = launch.send(at: noon + .seconds(1))
        _ = launch.send(at: noon + .seconds(2))
        #expect(launch.attempts == 2 && launch.sentAt == noon + .seconds(2))
        _ = launch.settle(obtained: 1, error: Self.error, at: noon + .seconds(3))
        #expect(launch.obtained == 1 && launch.error == Self.error && launch.settledAt == noon + .seconds(3))
    }

    /// A launch of three, planned at noon; looked up with 10 s of quiet and repeats known for 60 s.
    struct Found: CustomTestStringConvertible {
        let sent: [Double]
        let found: Int
        let at: Double
        let recovery: Launch.Recovery
        var refused = 0
        var isUnderWay = false
        var testDescription: String { "sent at \(sent), \(found) found at \(at)" }

        init(
            sent: [Double], found: Int, refused: Int = 0, isUnderWay: Bool = false, at: Double,
            _ recovery: Launch.Recovery
        ) {
            self.refused = refused
            self.isUnderWay = isUnderWay
            self.sent = sent
            self.found = found
            self.at = at
            self.recovery = recovery
        }
    }

    @Test(
        "A launch that is found planned is adopted, sent again or abandoned only when it is sure what came",
        arguments: [
            // Its process died before it was sent, as far as anybody knows: "planned" may have been sent.
            Found(sent: [], found: 0, at: 9.999, .wait(until: noon + .seconds(10))),
            Found(sent: [], found: 0, at: 10, .sendAgain),
            Found(sent: [], found: 0, at: 59.999, .sendAgain),
            Found(sent: [], found: 0, at: 60, .abandon),
            // Everything is there: nothing to wait for, and however late.
            Found(sent: [], found: 3, at: 0, .adopt),
            Found(sent: [5], found: 3, at: 5, .adopt),
            Found(sent: [5], found: 3, at: 100_000, .adopt),
            Found(sent: [5], found: 4, at: 6, .adopt),
            // Some are there: others may follow until it has been quiet.
            Found(sent: [5], found: 1, at: 14.999, .wait(until: noon + .seconds(15))),
            Found(sent: [5], found: 1, at: 15, .adopt),
            // Nothing is there: the same bytes again while the cloud knows a repeat, three times at most.
            Found(sent: [5], found: 0, at: 14.999, .wait(until: noon + .seconds(15))),
            Found(sent: [5], found: 0, at: 15, .sendAgain),
            Found(sent: [5, 20], found: 0, at: 29.999, .wait(until: noon + .seconds(30))),
            Found(sent: [5, 20], found: 0, at: 30, .sendAgain),
            Found(sent: [5, 20, 35], found: 0, at: 44.999, .wait(until: noon + .seconds(45))),
            Found(sent: [5, 20, 35], found: 0, at: 45, .abandon),
            Found(sent: [5, 20, 35], found: 1, at: 45, .adopt),
            // What the provider refused is known; what is neither there nor refused may follow.
            Found(sent: [5], found: 1, refused: 2, at: 6, .adopt),
            Found(sent: [5], found: 0, refused: 3, at: 6, .adopt),
            Found(sent: [5], found: 1, refused: 1, at: 14.999, .wait(until: noon + .seconds(15))),
            Found(sent: [5], found: 0, refused: 1, at: 15, .adopt),
            // While it works on it nothing is final, for half an hour.
            Found(sent: [5], found: 3, isUnderWay: true, at: 6, .wait(until: noon + .seconds(1_805))),
            Found(sent: [5], found: 0, isUnderWay: true, at: 1_804, .wait(until: noon + .seconds(1_805))),
            Found(sent: [5], found: 1, isUnderWay: true, at: 1_805, .adopt),
            Found(sent: [5], found: 0, isUnderWay: true, at: 1_805, .abandon),
            // The window counts from the plan, not from the last sending; and never without a quiet look.
            Found(sent: [5, 58], found: 0, at: 67.999, .wait(until: noon + .seconds(68))),
            Found(sent: [5, 58], found: 0, at: 68, .abandon),
        ])
    func recovery(of example: Found) {
        var launch = Self.launch
        for moment in example.sent { _ = launch.send(at: noon + .seconds(moment)) }
        let recovery = launch.recovery(
            found: example.found, refused: example.refused, isUnderWay: example.isUnderWay,
            quietAfter: .seconds(10), repeatWindow: .seconds(60),
            now: noon + .seconds(example.at))
        #expect(recovery == example.recovery)
    }
}
