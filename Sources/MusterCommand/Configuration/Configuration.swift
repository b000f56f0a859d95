import MusterCore
import MusterRuntime

/// What `muster.yaml` and the environment say, with defaults for what they do not say. All paths are
/// absolute.
struct Configuration: Hashable, Sendable {
    /// The file it was read from; nil when there was none.
    var file: String?
    /// The folder for everything that must last.
    var state: String
    /// Which database holds the state.
    var database: DatabaseSettings
    /// Where workers reach the service.
    var listen: ListenAddress
    /// How the service tells what it does.
    var log: LogSettings
    /// What may run workers, in the order written. Nothing may that is not named here.
    var providers: [ProviderSettings]
    /// What task sources may reach.
    var sources: SourceSettings
    /// The file that events are appended to; nil for none.
    var eventsFile: String?
    /// How often the loops run.
    var intervals: IntervalSettings
    /// How long what has ended is kept.
    var retention: RetentionSettings

    /// The database for one process.
    var databaseFile: String { state + "/muster.db" }
    /// The socket through which other commands reach the service.
    var socket: String { state + "/muster.sock" }
    /// The key that credentials are derived from.
    var masterKey: String { state + "/master.key" }
    /// The folders of the instances that run on this machine.
    var instances: String { state + "/instances" }
}

/// How much the log says, and in which form.
struct LogSettings: Hashable, Sendable {
    var level = LogLevel.info
    var format = DescriptorLogSink.Format.text
}

/// How often the loops run.
struct IntervalSettings: Hashable, Sendable {
    /// The time after which a pool's pass runs that nothing has woken.
    var pass = ConfigurationPolicy.passInterval
    /// The time between two looks at what the clouds run.
    var reconcile = ConfigurationPolicy.reconcileInterval
    /// The time after which the others take over from a process that is not heard of.
    var lease = ConfigurationPolicy.leaseTime
}

/// How long what has ended is kept.
struct RetentionSettings: Hashable, Sendable {
    /// Finished tasks.
    var tasks = ConfigurationPolicy.historyRetention
    /// Stopped workers.
    var workers = ConfigurationPolicy.historyRetention
    /// Settled launches.
    var launches = ConfigurationPolicy.historyRetention
    /// Errors of pools and launch configs.
    var errors = ConfigurationPolicy.historyRetention
    /// Events, delivered or not.
    var events = ConfigurationPolicy.eventRetention
    /// The number of plans kept of each pool.
    var plans = ConfigurationPolicy.planRetention
    /// Who changed what.
    var audit = ConfigurationPolicy.auditRetention
}
