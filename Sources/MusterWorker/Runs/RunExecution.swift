import Glibc
import MusterAPI
import MusterCore
import MusterRuntime

/// Carries one run out: its command, its claim and its report.
///
/// `TaskRun` decides; this does. Whoever holds it may say at any time that the claim is lost or that the run
/// is to be given back.
actor RunExecution {
    /// What all runs of a worker share.
    struct Surroundings: Sendable {
        let connection: any ServiceConnection
        let folder: WorkFolder
        let taskEnvironment: [String: String]
        let clock: any WallClock
        let chance: Chance
        let log: Log
    }

    nonisolated let task: ClaimedTask
    let surroundings: Surroundings
    let log: Log
    var machine = TaskRun()
    var takenUntil: Timestamp
    /// When it stops trying to report; nil until there is a report or an end.
    var reportDeadline: Timestamp?
    /// Whether it was told to give the run back.
    private(set) var isEnding = false
    private var command: ChildProcess?
    private var killTimer: Task<Void, Never>?
    private var reportRest: Task<Void, Never>?

    init(_ task: ClaimedTask, in surroundings: Surroundings) {
        self.task = task
        self.surroundings = surroundings
        takenUntil = task.takenUntil
        log = surroundings.log.with(["task": task.taskId.rawValue, "run": String(task.runId)])
    }

    nonisolated var run: RunReference { task.run }

    /// Runs the command and reports; returns when the run is no more this worker's business.
    ///
    /// Not ended by cancelling the task: a command is ended by `giveBack` or `claimLost`.
    func carryOut() async {
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.keepClaim() }
            let place = surroundings.folder.place(of: run)
            let step = await runCommand(in: place)
            async let removal: Void = leave(place)
            switch step {
            case .report(let ending): await deliver(ending, output: OutputFile(path: place.output))
            case .forget, .run: break
            }
            await removal
            helpers.cancelAll()
        }
        log.info("run ended", ["state": "\(machine.state)"])
    }

    /// The run is not this worker's any more: ends the command and says nothing of it.
    func claimLost() { act(machine.claimLost()) }

    /// Ends the command and gives the run back; `atOnce` without time to end in order.
    func giveBack(atOnce: Bool) {
        act(machine.giveBack())
        isEnding = true
        let patience = atOnce ? .zero : WorkerPolicy.reportPatienceWhenEnding
        let deadline = surroundings.clock.now() + patience
        reportDeadline = min(reportDeadline ?? deadline, deadline)
        reportRest?.cancel()
        if atOnce { command?.signalGroup(SIGKILL) }
    }

    /// Waits between two tries to report; a run that is given back meanwhile does not wait to the end.
    func restBeforeReporting(_ time: Duration) async {
        let rest = Task { [clock = surroundings.clock] in _ = try? await clock.sleep(for: time) }
        reportRest = rest
        await rest.value
    }

    private func runCommand(in place: WorkFolder.Place) async -> TaskRun.Step {
        do throws(RunFault) {
            let wanted = try TaskCommand(task, inherited: surroundings.taskEnvironment)
            let output: OwnedDescriptor
            do {
                output = try await surroundings.folder.prepare(place)
            } catch {
                throw RunFault(folder: error)
            }
            let request = try wanted.request(in: place, output: output)
            // No suspension between the two: what wants to end the command finds it or keeps it from starting.
            let step = machine.start()
            guard step == .run else { return step }
            let command = try start(request)
            log.info("run started", ["pid": String(command.pid)])
            return await ending(of: command, within: wanted.timeLimit, output: OutputFile(path: place.output))
        } catch {
            log.warning("command not started", ["reason": error.reason.rawValue, "why": error.message])
            return machine.couldNotStart(error.reason, error.message)
        }
    }

    private func start(_ request: SpawnRequest) throws(RunFault) -> ChildProcess {
        do {
            let command = try ChildProcess.launch(request)
            self.command = command
            return command
        } catch {
            throw RunFault(starting: error)
        }
    }

    private func ending(
        of command: ChildProcess, within timeLimit: Duration, output: OutputFile
    ) async -> TaskRun.Step {
        let timer = Task {
            guard (try? await surroundings.clock.sleep(for: timeLimit)) != nil else { return }
            timeLimitPassed()
        }
        let status = await command.wait()
        timer.cancel()
        killTimer?.cancel()
        log.debug("command ended", ["status": "\(status)"])
        let outputFailed = status.isSuccess ? false : await !output.takesMore()
        return machine.ended(exitCode: status.shellCode.map(Int.init), outputFailed: outputFailed)
    }

    private func timeLimitPassed() {
        log.warning("run took longer than it may")
        act(machine.timeLimitPassed())
    }

    private func act(_ action: TaskRun.CommandAction) {
        guard action == .end, let command else { return }
        command.signalGroup(SIGTERM)
        killTimer = Task {
            guard (try? await surroundings.clock.sleep(for: WorkerPolicy.killGrace)) != nil else { return }
            command.signalGroup(SIGKILL)
        }
    }

    private func leave(_ place: WorkFolder.Place) async {
        do {
            try await surroundings.folder.leave(place)
        } catch {
            log.warning("a task's folder stays", ["why": error.description])
        }
    }
}
