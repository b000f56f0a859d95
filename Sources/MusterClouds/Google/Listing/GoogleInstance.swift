import MusterCore

/// An instance as Compute Engine lists it.
struct GoogleInstance: Decodable, Sendable {
    var id: String
    var name: String
    var zone: String
    var status: String
    var statusMessage: String?
    var machineType: String?
    var labels: [String: String]?
    var creationTimestamp: String?
    var lastStartTimestamp: String?
    var lastStopTimestamp: String?
    var scheduling: Scheduling?
    var resourceStatus: ResourceStatus?

    struct Scheduling: Decodable, Sendable {
        var preemptible: Bool?
        var provisioningModel: String?
    }

    struct ResourceStatus: Decodable, Sendable {
        var upcomingMaintenance: Maintenance?
    }

    struct Maintenance: Decodable, Sendable {
        var type: String?
        var maintenanceStatus: String?
        var windowStartTime: String?
        var latestWindowStartTime: String?
    }

    static let fields =
        "id,name,zone,status,statusMessage,machineType,labels,creationTimestamp,lastStartTimestamp,lastStopTimestamp,"
        + "scheduling(preemptible,provisioningModel),resourceStatus/upcomingMaintenance"

    /// The zone's name.
    var zoneName: String { GoogleAddress.name(zone) }
    /// What it is called within the provider: where it is and its name, which is all that a deletion needs.
    var path: String { "\(zoneName)/\(name)" }
    /// The launch that made it.
    var launch: LaunchID? { labels?[GoogleLabels.launch].flatMap(GoogleName.launch(ofLabel:)) }

    /// It as the engine knows instances. One without a launch's label carries the fleet's all the same: it is
    /// nobody's, under a launch id that none has.
    var instance: Instance {
        Instance(
            id: path, launchID: launch ?? LaunchID(rawValue: "unknown"),
            group: WorkerGroup(rawValue: zoneName),
            workerID: WorkerID(rawValue: id), state: state, startedAt: startedAt, detail: detail,
            offering: offering)
    }

    /// Those that have halted still exist and cost their disks, and their names are taken: they are on their way
    /// out, and a notice says that somebody must send them there.
    private var state: Instance.State {
        switch status {
        case "PROVISIONING", "STAGING", "PENDING": .pending
        case "STOPPING", "PENDING_STOP", "SUSPENDING", "DEPROVISIONING", "TERMINATED", "STOPPED", "SUSPENDED":
            .stopping
        // RUNNING and REPAIRING, and what Google may think of later.
        default: .running
        }
    }

    private var startedAt: Timestamp? {
        guard state != .pending else { return nil }
        return (lastStartTimestamp ?? creationTimestamp).flatMap(GoogleTime.moment)
    }

    private var detail: String? {
        statusMessage.map { String($0.prefix(500)) } ?? (Self.halted.contains(status) ? status : nil)
    }

    private var offering: String? {
        guard let machineType else { return nil }
        let isSpot = scheduling?.provisioningModel == "SPOT" || scheduling?.preemptible == true
        return GoogleOffering(
            market: isSpot ? .spot : .standard, machineType: GoogleAddress.name(machineType), zone: zoneName
        ).name
    }

    private static let halted: Set = ["TERMINATED", "STOPPED", "SUSPENDED"]

    /// What must be known of it besides.
    var notices: [InstanceNotice] {
        if Self.halted.contains(status) {
            return [
                InstanceNotice(
                    instanceID: path, kind: .impaired,
                    detail: "has halted (\(status)) and still costs its disks")
            ]
        }
        var notices: [InstanceNotice] = []
        if status == "REPAIRING" {
            notices.append(
                InstanceNotice(instanceID: path, kind: .impaired, detail: "its host has failed (REPAIRING)"))
        }
        if let maintenance = resourceStatus?.upcomingMaintenance {
            let start = maintenance.windowStartTime ?? maintenance.latestWindowStartTime
            let words = [maintenance.type, maintenance.maintenanceStatus].compactMap { $0 }
            notices.append(
                InstanceNotice(
                    instanceID: path, kind: .maintenance(at: start.flatMap(GoogleTime.moment)),
                    detail: words.isEmpty ? "maintenance" : "maintenance: " + words.joined(separator: ", ")))
        }
        return notices
    }
}
