import MusterCore
import Testing

@testable import MusterWorker

@Suite("The life of a run")
struct TaskRunTests {
    private static let message = "no such command"

    /// A run in each state.
    private static let states: [(name: String, run: TaskRun)] = {
        let claimed = TaskRun()
        let running = claimed.after { _ = $0.start() }
        let timedOut = running.after { _ = $0.timeLimitPassed() }
        let losing = running.after { _ = $0.claimLost() }
        let givingBack = running.after { _ = $0.giveBack() }
        let finishing = running.after { _ = $0.ended(exitCode: 0, outputFailed: false) }
        let returning = givingBack.after { _ = $0.ended(exitCode: 143, outputFailed: false) }
        return [
            ("claimed", claimed), ("running", running), ("timed out", timedOut), ("losing", losing),
            ("giving back", givingBack), ("finishing", finishing), ("returning", returning),
            ("reported", finishing.after { $0.reportAccepted() }),
            ("given back", returning.after { $0.reportAccepted() }),
            ("lost", losing.after { _ = $0.ended(exitCode: 143, outputFailed: false) }),
        ]
    }()

    private static func timedOut(_ exitCode: Int?) -> TaskRun.Ending {
        TaskRun.Ending(resolution: .failed, reason: .timedOut, exitCode: exitCode)
    }

    private static func returned(_ exitCode: Int?) -> TaskRun.Ending {
        TaskRun.Ending(resolution: .exception, reason: .workerShutdown, exitCode: exitCode)
    }

    private static let failed = TaskRun.Ending(resolution: .failed, reason: .failed, exitCode: 143)

    @Test("an event moves a run along the diagram, and does nothing where it does not fit")
    func table() throws {
        func check(
            _ event: String, _ apply: (inout TaskRun) -> TaskRun.Step?,
            _ expected: [String: (state: TaskRun.State, step: TaskRun.Step)]
        ) {
            for (name, before) in Self.states {
                var run = before
                let step = apply(&run)
                let wanted = expected[name]
                #expect(run.state == wanted?.state ?? before.state, "\(event) in \(name)")
                #expect(step ?? .forget == wanted?.step ?? .forget, "\(event) in \(name)")
            }
        }
        check(
            "start", { $0.start() },
            [
                "claimed": (.running, .run),
                "timed out": (.finishing(Self.timedOut(nil)), .report(Self.timedOut(nil))),
                "losing": (.lost, .forget),
                "giving back": (.finishing(Self.returned(nil)), .report(Self.returned(nil))),
            ])
        check(
            "ended", { $0.ended(exitCode: 143, outputFailed: false) },
            [
                "running": (.finishing(Self.failed), .report(Self.failed)),
                "timed out": (.finishing(Self.timedOut(143)), .report(Self.timedOut(143))),
                "losing": (.lost, .forget),
                "giving back": (.finishing(Self.returned(143)), .report(Self.returned(143))),
            ])
        check(
            "report accepted",
            {
                $0.reportAccepted()
                return nil
            }, ["finishing": (.reported, .forget), "returning": (.givenBack, .forget)])
        check(
            "report failed",
            {
                $0.reportFailed()
                return nil
            }, ["finishing": (.lost, .forget), "returning": (.lost, .forget)])
    }

    @Test("whoever wants the command ended ends it once, and a lost claim outweighs every other cause")
    func causes() {
        func check(
            _ event: String, _ apply: (inout TaskRun) -> TaskRun.CommandAction, cause: TaskRun.Cause
        ) {
            for (name, before) in Self.states {
                var run = before
                let action = apply(&run)
                #expect(action == (name == "running" ? .end : .nothing), "\(event) in \(name)")
                switch before.state {
                case .claimed where cause != .timeLimit, .running:
                    #expect(run.state == .ending(cause), "\(event) in \(name)")
                case .ending where cause == .claimLost:
                    #expect(run.state == .ending(.claimLost), "\(event) in \(name)")
                default: #expect(run.state == before.state, "\(event) in \(name)")
                }
            }
        }
        check("time limit", { $0.timeLimitPassed() }, cause: .timeLimit)
        check("claim lost", { $0.claimLost() }, cause: .claimLost)
        check("give back", { $0.giveBack() }, cause: .givenBack)
    }

    @Test("a command that is not to begin does not begin")
    func notBegun() {
        var lost = TaskRun()
        _ = lost.claimLost()
        #expect(lost.start() == .forget)
        #expect(lost.state == .lost)
        var returned = TaskRun()
        _ = returned.giveBack()
        let ending = TaskRun.Ending(resolution: .exception, reason: .workerShutdown, exitCode: nil)
        #expect(returned.start() == .report(ending))
    }

    @Test(
        "the way a command ends decides the resolution",
        arguments: [
            (0, false, Resolution.completed, RunReason.completed),
            (0, true, .completed, .completed),
            (3, false, .failed, .failed),
            (137, false, .failed, .failed),
            (3, true, .exception, .resourceUnavailable),
            (nil, false, .exception, .internalError),
        ] as [(Int?, Bool, Resolution, RunReason)])
    func endings(exitCode: Int?, outputFailed: Bool, resolution: Resolution, reason: RunReason) {
        var run = TaskRun()
        _ = run.start()
        guard case .report(let ending) = run.ended(exitCode: exitCode, outputFailed: outputFailed) else {
            Issue.record("nothing to report")
            return
        }
        #expect(ending.resolution == resolution)
        #expect(ending.reason == reason)
        #expect(ending.exitCode == exitCode)
    }

    @Test("a command that could not start is reported with the reason")
    func couldNotStart() {
        for before in [TaskRun(), TaskRun().after { _ = $0.start() }] {
            var run = before
            let ending = TaskRun.Ending(
                resolution: .exception, reason: .malformedPayload, exitCode: nil, message: Self.message)
            #expect(run.couldNotStart(.malformedPayload, Self.message) == .report(ending))
            #expect(run.state == .finishing(ending))
        }
    }
}

extension TaskRun {
    fileprivate func after(_ event: (inout TaskRun) -> Void) -> TaskRun {
        var run = self
        event(&run)
        return run
    }
}
