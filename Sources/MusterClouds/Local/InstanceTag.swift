import MusterCore

/// What marks every process of an instance: variables of the environment it was started with.
struct InstanceTag: Hashable, Sendable {
    var fleet: String
    var name: WorkerID
    var launch: LaunchID

    /// The variables.
    var variables: [String: String] {
        ["MUSTER_FLEET": fleet, "MUSTER_INSTANCE": name.rawValue, "MUSTER_LAUNCH": launch.rawValue]
    }

    /// Makes a tag.
    init(fleet: String, name: WorkerID, launch: LaunchID) {
        self.fleet = fleet
        self.name = name
        self.launch = launch
    }

    /// Reads the tag in an environment; nil when there is none, or none that Muster could have written.
    init?(_ environment: [String: String]) {
        guard let fleet = environment["MUSTER_FLEET"], let name = environment["MUSTER_INSTANCE"],
            let launch = environment["MUSTER_LAUNCH"], WorkerID.accepts(name), LaunchID.accepts(launch)
        else { return nil }
        self.init(fleet: fleet, name: WorkerID(rawValue: name), launch: LaunchID(rawValue: launch))
    }
}
