import MusterCore

extension FakeGoogleState {
    /// An instance as the API shows it.
    func json(_ instance: Instance, _ project: String) -> GoogleJSON {
        let base = "https://www.googleapis.com/compute/v1/projects/\(project)/zones/\(instance.zone)"
        var json: GoogleJSON = [
            "kind": "compute#instance", "id": .text(instance.number), "name": .text(instance.name),
            "zone": .text(base), "status": .text(instance.status),
            "machineType": .text("\(base)/machineTypes/\(instance.machineType)"),
            "selfLink": .text("\(base)/instances/\(instance.name)"),
            "creationTimestamp": .text(Self.pacific(instance.createdAt)),
        ]
        for name in ["labels", "metadata", "scheduling", "disks", "networkInterfaces"] {
            json = json.with(name, instance.resource[name].map(GoogleJSON.document))
        }
        if instance.status == "RUNNING" {
            json = json.with("lastStartTimestamp", .text(Self.pacific(instance.createdAt)))
        }
        if let maintenance = instance.maintenanceAt {
            json = json.with(
                "resourceStatus",
                [
                    "upcomingMaintenance": [
                        "type": "SCHEDULED", "canReschedule": false, "maintenanceStatus": "PENDING",
                        "windowStartTime": .text(Self.pacific(maintenance)),
                    ]
                ])
        }
        return json
    }

    /// An operation as the API shows it at a moment.
    func json(_ operation: Operation, _ project: String, at now: Timestamp) -> GoogleJSON {
        let isDone = operation.doneAt <= now
        let base = "https://www.googleapis.com/compute/v1/projects/\(project)"
        var json: GoogleJSON = [
            "kind": "compute#operation", "id": .text(String(operation.name.drop { !$0.isNumber })),
            "name": .text(operation.name), "operationType": .text(operation.type),
            "status": isDone ? "DONE" : "RUNNING", "progress": .number(isDone ? 100 : 0),
            "insertTime": .text(Self.pacific(operation.insertedAt)), "user": .text(FakeGoogleKey.email),
        ]
        switch operation.scope {
        case .zone(let zone): json = json.with("zone", .text("\(base)/zones/\(zone)"))
        case .region(let region): json = json.with("region", .text("\(base)/regions/\(region)"))
        }
        json = json.with("clientOperationId", operation.requestID.map(GoogleJSON.text))
        json = json.with("operationGroupId", operation.group.map(GoogleJSON.text))
        if let target = operation.target {
            let parts = target.split(separator: "/")
            json = json.with("targetLink", .text("\(base)/zones/\(parts[0])/instances/\(parts[1])"))
            json = json.with("targetId", operation.targetNumber.map(GoogleJSON.text))
        }
        if isDone, let error = operation.error {
            json = json.with("error", ["errors": [error]]).with("httpErrorStatusCode", 503)
        }
        if operation.type == "bulkInsert" {
            let locations = operation.locations.sorted { $0.key < $1.key }.map { zone, sums in
                (
                    "zones/\(zone)",
                    [
                        "status": isDone ? "DONE" : "CREATING", "targetVmCount": .number(sums.target),
                        "createdVmCount": .number(isDone ? sums.created : 0),
                        "failedToCreateVmCount": .number(isDone ? sums.target - sums.created : 0),
                    ] as GoogleJSON
                )
            }
            json = json.with(
                "instancesBulkInsertOperationMetadata", ["perLocationStatus": .object(locations)])
        }
        return json
    }

    /// A time as Google writes it: with the offset of its home.
    static func pacific(_ moment: Timestamp) -> String {
        let text = (moment - .seconds(8 * 3_600)).description
        return text.dropLast() + "-08:00"
    }
}
