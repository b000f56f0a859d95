import MusterCore
import MusterCrypto
import MusterEngine

/// What the demo defines and submits.
struct DemoScenario {
    /// Where the tasks write that they ran, a line each.
    let ledger: String
    /// The files that they work on.
    let files: [String]

    static let checksums = PoolID(rawValue: "demo/checksums")
    static let compression = PoolID(rawValue: "demo/compression")
    static let brokenImage = LaunchConfigID(rawValue: "broken-image")

    /// Two pools; one of them has three launch configs, of which one is a broken image: a worker that ends as
    /// soon as it starts.
    func pools() throws(Problems) -> [PoolDefinition] {
        [
            try pool(
                Self.checksums, description: "checksums of real files", maxCapacity: 6,
                configs: [
                    config("double", capacity: 2), config("single", capacity: 1),
                    config(Self.brokenImage.rawValue, capacity: 1, ["wrapper": strings(["/bin/false"])]),
                ]),
            try pool(
                Self.compression, description: "compression of real files", maxCapacity: 3,
                configs: [config("standard", capacity: 1)]),
        ]
    }

    private func pool(
        _ id: PoolID, description: String, maxCapacity: Int, configs: [Document]
    ) throws(Problems) -> PoolDefinition {
        try PoolDefinition(
            .object([
                "workerPoolId": .string(id.rawValue), "providerId": .string("local"),
                "description": .string(description),
                "config": .object([
                    "minCapacity": .integer(0), "maxCapacity": .integer(maxCapacity),
                    // Nobody should have to watch idle workers that wait for the next demonstration.
                    "anticipate": .object(["idle": Document(.boolean(false))]),
                    "lifecycle": .object([
                        "idleTimeout": .integer(3), "registrationTimeout": .integer(30),
                        "stoppingTimeout": .integer(30),
                    ]),
                    "launchConfigs": Document(.array(configs)),
                ]),
            ]), digest: SHA256.hash)
    }

    private func config(_ id: String, capacity: Int, _ content: KeyValuePairs<String, Document?> = [:])
        -> Document
    {
        guard case .object(let members) = Document.object(content).value else { return Document(.null) }
        let settings = Document.object([
            "launchConfigId": .string(id), "capacityPerInstance": .integer(capacity),
        ])
        return Document(.object([.init("workerManager", settings)] + members))
    }

    private func strings(_ texts: [String]) -> Document { Document(.array(texts.map(Document.string))) }

    /// The first thirty tasks, and thirty more that are submitted while they run.
    ///
    /// The tenants are of very different size, so that turns show.
    func burst(_ number: Int) -> [TaskSubmission] {
        let counts =
            number == 0
            ? [("alice", 18), ("bob", 8), ("carol", 4)] : [("alice", 4), ("bob", 10), ("carol", 16)]
        var tasks: [TaskSubmission] = []
        for (tenant, count) in counts {
            for _ in 0..<count {
                let index = number * 30 + tasks.count
                let file = files[index % files.count]
                tasks.append(
                    TaskSubmission(
                        id: TaskID(rawValue: "demo-\(index)"),
                        poolID: index % 3 == 2 ? Self.compression : Self.checksums,
                        tenant: Tenant(rawValue: tenant), payload: payload(index % 3 == 2, file)))
            }
        }
        return tasks
    }

    /// Both kinds print the SHA-256 of the file; the one reads it again and again, the other packs it, tests
    /// what it packed and unpacks that.
    private func payload(_ packs: Bool, _ file: String) -> TaskPayload {
        let note = "echo \"$MUSTER_TASK_ID $MUSTER_RUN_ID\" >> \"$LEDGER\""
        let work =
            packs
            ? "gzip -9 -c \"$1\" > packed.gz && gzip -t packed.gz && gzip -dc packed.gz | sha256sum"
            : "for round in 1 2 3 4 5 6 7 8 9 10; do sum=$(sha256sum < \"$1\") || exit 1; done; echo \"$sum\""
        return TaskPayload(
            command: ["/bin/sh", "-c", "\(work) && \(note)", "demo", file], environment: ["LEDGER": ledger],
            maxRunTime: 120)
    }
}
