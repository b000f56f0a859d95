import FoundationEssentials
import MusterCore
import MusterHTTP
import MusterRuntime
import MusterWorker

extension Command {
    /// `muster worker`: the program that runs tasks, and the commands that look at such.
    static let worker = Command(
        "worker", "look at workers, make and retire them; alone, the program that runs tasks",
        discussion: """
            Without a command it is a worker itself, and runs tasks for a service: what instances are started \
            with.

            Everything it needs comes in MUSTER_WORKER_* variables, which the provider sets: URL, POOL, \
            PROVIDER, GROUP, ID, CAPACITY, FOLDER and TOKEN_FILE. One that was made with muster worker create has \
            SECRET_FILE instead of the last, and whoever starts it sets them.

            SIGTERM lets it finish what it runs for a while and give back the rest; a second one ends it at \
            once. SIGHUP reads the file work-limit in its folder again.
            """,
        examples: [
            Example("muster worker list --pool demo/build", "what there is of one pool"),
            Example("muster worker", "run tasks, with the settings of the environment"),
        ],
        subcommands: [listWorkers, showWorker, retireWorker, createWorker, updateWorker, removeWorker]
    ) { arguments in
        let environment = ProcessInfo.processInfo.environment
        let configuration = try WorkerConfiguration.fromEnvironment(environment)
        let level = environment["MUSTER_LOG_LEVEL"].flatMap(LogLevel.init) ?? .info
        let log = Log(to: DescriptorLogSink(), level: level).with(["worker": configuration.worker.id.rawValue]
        )
        let client = try HTTPClient(log: log)
        let program = try WorkerProgram(
            configuration: configuration, client: client, signals: WorkerSignals.ofProcess(), log: log)
        let exit = await program.run()
        await client.shutDown()
        switch exit {
        case .ended(let reason):
            log.info("ended", ["reason": reason])
            return .done
        case .failed(let problem): throw problem
        }
    }
}
