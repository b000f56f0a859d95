import FoundationEssentials
import MusterCore
import MusterRuntime

/// What is known of an instance, as it stands in its folder.
///
/// Written before the instance runs anything, and once more when it is gone: a name that has a record is never
/// started again.
struct InstanceRecord: Codable, Hashable, Sendable {
    /// The end of an instance.
    struct End: Codable, Hashable, Sendable {
        /// When it was noticed.
        var at: Timestamp
        /// How it came, for a person.
        var detail: String
        /// Whether everything that the instance had left behind has been killed.
        var isSwept: Bool
    }

    var name: WorkerID
    var launch: LaunchID
    var fleet: String
    /// The process, named for as long as the machine runs by its id and its start time (in clock ticks since
    /// the machine's start), and for all time with the machine's boot id.
    var pid: Int32
    var startTime: UInt64
    var bootID: String
    var startedAt: Timestamp
    /// When it was first asked to end: whoever asks again after its time kills it.
    var askedToEndAt: Timestamp?
    /// Set once it is gone.
    var end: End?

    /// The instance in this state.
    func instance(_ state: Instance.State, detail: String? = nil) -> Instance {
        Instance(
            id: name.rawValue, launchID: launch, group: LocalProvider.group, workerID: name, state: state,
            startedAt: startedAt, detail: detail)
    }

    /// The record as JSON.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// Reads a record; nil when this is none, also when it names a process that no instance can be: what it
    /// names is killed some day.
    init?(bytes: [UInt8]) {
        guard let record = try? JSONDecoder().decode(InstanceRecord.self, from: Data(bytes)), record.pid > 1,
            record.startTime > 0, !record.bootID.isEmpty
        else { return nil }
        self = record
    }

    /// Makes a record.
    init(
        name: WorkerID, launch: LaunchID, fleet: String, process: ProcessStatus, bootID: String,
        startedAt: Timestamp
    ) {
        self.name = name
        self.launch = launch
        self.fleet = fleet
        pid = process.pid
        startTime = process.startTime
        self.bootID = bootID
        self.startedAt = startedAt
    }
}
