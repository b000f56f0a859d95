import Testing

@testable import MusterCore

@Suite("A worker's deadlines")
struct WorkerDeadlineTests {
    /// Times that are all different, so that no two can be mistaken for each other.
    static let lifecycle = {
        var lifecycle = Lifecycle()
        lifecycle.launchTimeout = .seconds(100)
        lifecycle.registrationTimeout = .seconds(200)
        lifecycle.firstContactTimeout = .seconds(300)
        lifecycle.suspicionTimeout = .seconds(60)
        lifecycle.queueInactivityTimeout = .seconds(1_000)
        lifecycle.reregistrationTimeout = .seconds(40_000)
        lifecycle.stoppingTimeout = .seconds(500)
        return lifecycle
    }()

    /// A worker, a moment in seconds after noon, and what its deadlines say then.
    struct Case: CustomTestStringConvertible {
        let name: String
        let situation: Situation
        var at: Double
        var attended: Double
        var lifetime: Double?
        let change: @Sendable (inout Worker) -> Void
        let verdict: Worker.Verdict
        var testDescription: String { "\(name), at \(at)" }

        init(
            _ name: String, _ situation: Situation, at: Double, attended: Double = -1_000_000,
            lifetime: Double? = nil, _ verdict: Worker.Verdict,
            _ change: @escaping @Sendable (inout Worker) -> Void = { _ in }
        ) {
            self.name = name
            self.situation = situation
            self.at = at
            self.attended = attended
            self.lifetime = lifetime
            self.verdict = verdict
            self.change = change
        }
    }

    private static func moment(_ seconds: Double) -> Timestamp { noon + .seconds(seconds) }
    private static func wait(_ seconds: Double) -> Worker.Verdict { .wait(until: moment(seconds)) }

    private static let noInstance = Worker.Verdict.retire(StopReason.noInstance, countsAsFailure: true)
    private static let noRegistration = Worker.Verdict.retire(
        StopReason.noRegistration, countsAsFailure: true)
    private static let noContact = Worker.Verdict.retire(StopReason.noContact, countsAsFailure: true)
    private static let silence = Worker.Verdict.retire(StopReason.silence, countsAsFailure: false)
    private static let finished = Worker.Verdict.retire("archived", countsAsFailure: false)
    private static let endOfLife = Worker.Verdict.drain(StopReason.lifetime)

    static let requested = [
        Case("no instance yet", .requested, at: 99.999, wait(100)),
        Case("no instance in time", .requested, at: 100, noInstance),
        Case("no instance long after", .requested, at: 5_000, noInstance),
        Case("Muster was away meanwhile", .requested, at: 149.999, attended: 50, wait(150)),
        Case("Muster was away meanwhile", .requested, at: 150, attended: 50, noInstance),
        Case("booting", .requested, at: 229.999, wait(230)) { $0.startedAt = moment(30) },
        Case("booted, never registered", .requested, at: 230, noRegistration) { $0.startedAt = moment(30) },
        Case("booting while Muster is away", .requested, at: 280, attended: 90, wait(290)) {
            $0.startedAt = moment(30)
        },
        Case("not needed before it registered", .drainedEarly, at: 0, finished),
    ]

    static let running = [
        Case("just registered", .running, at: 0, wait(60)),
        Case("not yet suspicious", .running, at: 59.999, wait(60)),
        Case("silent since it registered", .running, at: 60, .suspect),
        Case("suspected, its first contact still due", .suspected, at: 299.999, wait(300)),
        Case("no first contact", .suspected, at: 300, noContact),
        Case("no first contact, not suspected first", .running, at: 300, noContact),
        Case("heard of", .running, at: 89.999, wait(90)) { $0.contactedAt = moment(30) },
        Case("silent", .running, at: 90, .suspect) { $0.contactedAt = moment(30) },
        Case("silent, but not for too long", .suspected, at: 1_029.999, wait(1_030)) {
            $0.contactedAt = moment(30)
        },
        Case("silent for too long", .suspected, at: 1_030, silence) { $0.contactedAt = moment(30) },
        Case("silent while nobody was there to call", .running, at: 2_059.999, attended: 2_000, wait(2_060)) {
            $0.contactedAt = moment(30)
        },
        Case("silent since somebody is there again", .running, at: 2_060, attended: 2_000, .suspect) {
            $0.contactedAt = moment(30)
        },
        Case("silent for too long since then", .suspected, at: 3_000, attended: 2_000, silence) {
            $0.contactedAt = moment(30)
        },
        Case("silent with a claim", .busy, at: 30_000, wait(38_200)) { $0.expiresAt = moment(40_000) },
        Case("draining with a claim", .draining, at: 90_000, .wait(until: nil)) { $0.claimed = 1 },
        Case("draining without one", .draining, at: 0, finished),
        Case("draining without one, silent for too long", .draining, at: 90_000, finished),
    ]

    static let ends = [
        Case("its life not over", .busy, at: 4_999.999, lifetime: 5_000, wait(5_000)),
        Case("its life over", .busy, at: 5_000, lifetime: 5_000, endOfLife),
        Case("its life counted from its instance's start", .busy, at: 5_000, lifetime: 5_000, wait(5_020)) {
            $0.startedAt = moment(20)
        },
        Case("its life over while idle", .running, at: 5_000, lifetime: 5_000, endOfLife) {
            $0.contactedAt = moment(4_990)
        },
        Case("its life ends before it is suspicious", .running, at: 10, lifetime: 40, wait(40)),
        Case("draining at the end of its life", .draining, at: 5_000, lifetime: 5_000, .wait(until: nil)) {
            $0.claimed = 2
        },
        // Half an hour before they end it takes no more.
        Case("its credentials last", .busy, at: 38_199.999, wait(38_200)) { $0.expiresAt = moment(40_000) },
        Case("its credentials end", .busy, at: 38_200, endOfLife) { $0.expiresAt = moment(40_000) },
        Case("its credentials end before its life", .busy, at: 0, lifetime: 39_000, wait(38_200)) {
            $0.expiresAt = moment(40_000)
        },
        Case("its life ends before its credentials", .busy, at: 0, lifetime: 30_000, wait(30_000)) {
            $0.expiresAt = moment(40_000)
        },
    ]

    static let stopping = [
        Case("to be ended, not asked for yet", .stopping, at: 0, .terminateAgain),
        Case("asked for", .stopping, at: 29.999, wait(30)) { $0.terminationSentAt = noon },
        Case("asked for, and still there", .stopping, at: 30, .terminateAgain) {
            $0.terminationSentAt = noon
        },
        Case("about to be overdue", .stopping, at: 499.999, wait(500)) { $0.terminationSentAt = moment(480) },
        Case("overdue", .stopping, at: 500, .overdue) { $0.terminationSentAt = moment(480) },
        Case("overdue, asked for again", .overdue, at: 510, .terminateAgain) {
            $0.terminationSentAt = moment(480)
        },
        Case("overdue, just asked for", .overdue, at: 509.999, wait(510)) {
            $0.terminationSentAt = moment(480)
        },
        Case("ended while Muster was away", .stopping, at: 600, attended: 590, .terminateAgain) {
            $0.terminationSentAt = moment(480)
        },
        Case("overdue only after Muster has been back", .stopping, at: 1_090, attended: 590, .overdue) {
            $0.terminationSentAt = moment(1_080)
        },
        Case("gone", .stopped, at: 1_000_000, .wait(until: nil)),
    ]

    @Test("Each deadline is kept to the millisecond", arguments: requested + running + ends + stopping)
    func verdict(of example: Case) {
        var lifecycle = Self.lifecycle
        lifecycle.maximumLifetime = example.lifetime.map { .seconds($0) }
        var worker = example.situation.worker
        example.change(&worker)
        let verdict = worker.verdict(
            lifecycle, attendedSince: Self.moment(example.attended), now: Self.moment(example.at))
        #expect(verdict == example.verdict)
    }

    @Test("Short credentials leave three quarters of their time for work")
    func shortCredentials() {
        var lifecycle = Self.lifecycle
        lifecycle.reregistrationTimeout = .seconds(60)
        var worker = Situation.busy.worker
        worker.expiresAt = Self.moment(60)
        func verdict(_ seconds: Double) -> Worker.Verdict {
            worker.verdict(lifecycle, attendedSince: noon, now: Self.moment(seconds))
        }
        #expect(verdict(44.999) == Self.wait(45))
        #expect(verdict(45) == Self.endOfLife)
    }

    @Test("A worker is never suspected later than it is ended")
    func longSuspicion() {
        var lifecycle = Self.lifecycle
        lifecycle.suspicionTimeout = .seconds(5_000)
        var worker = Situation.running.worker
        worker.contactedAt = noon
        #expect(
            worker.verdict(lifecycle, attendedSince: noon, now: Self.moment(999.999)) == Self.wait(1_000))
        #expect(worker.verdict(lifecycle, attendedSince: noon, now: Self.moment(1_000)) == Self.silence)
    }

    @Test("What a verdict waits for is never in the past, so that no loop spins")
    func noSpinning() {
        for situation in Situation.allCases {
            for seconds in stride(from: 0.0, to: 50_000, by: 37) {
                let now = Self.moment(seconds)
                let verdict = situation.worker.verdict(Self.lifecycle, attendedSince: noon, now: now)
                guard case .wait(let until?) = verdict else { continue }
                #expect(until > now, "\(situation) at \(seconds)")
            }
        }
    }
}
