import MusterCore
import MusterRuntime

/// One worker: registers, then claims and runs tasks until it is told to end.
///
/// It has a work limit that may change while it runs. A claim is its back-pressure: it asks only for what it
/// has room for, and the longer it waits before asking the fuller it is. What it holds it names with each
/// claim, so that an answer that was lost is sent again.
public actor WorkerProgram {
    /// How far it has come; never goes back.
    enum Stage: Int, Comparable {
        /// Claims tasks.
        case working
        /// Claims no more; what runs may finish, however long that takes.
        case finishing
        /// The same, until the drain time is over; a claim that comes now goes back.
        case draining
        /// Everything was given back.
        case givingBack

        static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    let configuration: WorkerConfiguration
    let connection: any ServiceConnection
    let clock: any WallClock
    let chance: Chance
    let log: Log
    private let signals: AsyncStream<WorkerSignal>

    var limit: WorkLimit
    var stage = Stage.working
    /// Why it stopped claiming.
    var endReason = ""
    /// What keeps it from going on; nil for an end in order.
    var failure: Problem?
    /// The runs that it holds.
    var executions: [RunReference: RunExecution] = [:]
    /// When the service last said whether this worker should end.
    var lastAdvice: Timestamp
    var drainTimer: Task<Void, Never>?
    var interruption = Interruption()

    init(
        configuration: WorkerConfiguration, connection: any ServiceConnection,
        signals: AsyncStream<WorkerSignal>, clock: any WallClock,
        generator: any RandomNumberGenerator & Sendable, log: Log
    ) {
        self.configuration = configuration
        self.connection = connection
        self.signals = signals
        self.clock = clock
        self.log = log
        chance = Chance(generator)
        limit = configuration.workLimit
        lastAdvice = clock.now()
    }

    /// Does the work; returns when the process should exit. Once only.
    ///
    /// A signal ends it in order. Cancelling the task kills what runs without a word to the service, which
    /// runs it again when the claims have ended.
    public func run() async -> WorkerExit {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { listeners in
                listeners.addTask { await self.listen() }
                let exit = await work()
                listeners.cancelAll()
                drainTimer?.cancel()
                return exit
            }
        } onCancel: {
            Task { await self.cancelled() }
        }
    }

    /// Changes how many tasks run at once. A limit below what runs stops only new claims.
    public func setWorkLimit(_ limit: WorkLimit) {
        guard limit != self.limit else { return }
        log.info("work limit changed", ["from": self.limit.description, "to": limit.description])
        self.limit = limit
        // A claim that waits at the service asks for what fitted before.
        interrupt()
    }

    /// Reads the work limit's file again; without one the configured limit holds. A file that states no limit
    /// changes nothing.
    func readWorkLimit() async {
        let file = WorkLimitFile(path: configuration.folder + "/work-limit")
        let read = await BlockingWork.run { Result { () throws(Problem) in try file.read() } }
        switch read {
        case .success(let limit): setWorkLimit(limit ?? configuration.workLimit)
        case .failure(let problem):
            log.warning("work limit not changed", ["why": problem.description])
        }
    }

    private func work() async -> WorkerExit {
        let surroundings: RunExecution.Surroundings
        let credentialsEnd: Timestamp
        do throws(Problem) {
            let path = configuration.folder
            let folder = try await BlockingWork.run {
                Result { () throws(Problem) in try WorkFolder.open(path) }
            }.get()
            await readWorkLimit()
            credentialsEnd = try await register()
            surroundings = RunExecution.Surroundings(
                connection: connection, folder: folder, taskEnvironment: configuration.taskEnvironment,
                clock: clock, chance: chance, log: log)
        } catch {
            log.error("worker could not begin", ["why": error.description])
            return .failed(error)
        }
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.heedAdvice() }
            helpers.addTask { await self.stayRegistered(until: credentialsEnd) }
            await withDiscardingTaskGroup { runs in
                await claimTasks(into: &runs, surroundings)
            }
            helpers.cancelAll()
        }
        if let failure {
            log.error("worker could not go on", ["why": failure.description])
            return .failed(failure)
        }
        log.info("worker ended", ["why": endReason])
        return .ended(endReason)
    }

    private func listen() async {
        for await signal in signals {
            switch signal {
            case .terminate: await terminateSignalled()
            case .reload: await readWorkLimit()
            }
        }
    }
}
