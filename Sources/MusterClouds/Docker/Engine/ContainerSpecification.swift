import MusterCore

/// The body of `POST /containers/create`, as far as it is used here.
struct ContainerSpecification: Hashable, Sendable {
    /// The body.
    let document: Document

    /// What one container of a call is made of.
    init(_ call: DockerCall, _ name: WorkerID, _ configuration: DockerProviderConfiguration) {
        let content = call.content
        let labels = DockerLabels(
            fleet: configuration.fleet, provider: configuration.id, launch: call.launch, pool: call.pool,
            launchConfig: call.launchConfig)
        document = .object([
            "Image": .string(content.image),
            "Entrypoint": content.entrypoint.map(Document.strings),
            "Cmd": content.command.map(Document.strings),
            "Env": .strings(Self.environment(call, name, configuration)),
            "Labels": Document(
                .object(labels.values.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
            "User": content.user.map(Document.string),
            "StopTimeout": .integer(Int(configuration.stopTime.components.seconds)),
            "HostConfig": Self.host(call),
        ])
    }

    /// Nothing of Muster's own environment: what a worker needs, and what its launch config says.
    private static func environment(
        _ call: DockerCall, _ name: WorkerID, _ configuration: DockerProviderConfiguration
    ) -> [String] {
        var environment = call.content.environment
        environment["MUSTER_WORKER_URL"] = call.serviceURL
        environment["MUSTER_WORKER_POOL"] = call.pool.rawValue
        environment["MUSTER_WORKER_PROVIDER"] = configuration.id.rawValue
        environment["MUSTER_WORKER_GROUP"] = DockerProvider.group.rawValue
        environment["MUSTER_WORKER_ID"] = name.rawValue
        environment["MUSTER_WORKER_CAPACITY"] = String(call.capacity)
        environment["MUSTER_WORKER_FOLDER"] = call.content.folder
        environment["MUSTER_WORKER_TOKEN_FILE"] = TokenArchive.file
        return environment.map { "\($0.key)=\($0.value)" }.sorted()
    }

    private static func host(_ call: DockerCall) -> Document {
        let content = call.content
        let memory = content.memoryMiB.map { Document.integer($0 << 20) }
        let mounts = content.mounts.map { mount in
            Document.object([
                "Type": .string(mount.kind.rawValue),
                "Source": mount.kind == .tmpfs ? nil : .string(mount.source),
                "Target": .string(mount.target), "ReadOnly": Document(.boolean(mount.isReadOnly)),
            ])
        }
        // The host's own network needs no name for the host.
        let needsHost = call.network != "host" && call.serviceURL.contains(DockerCall.host)
        return .object([
            "NetworkMode": .string(call.network),
            "NanoCpus": content.cpus.map { .integer(Int(($0 * 1_000_000_000).rounded())) },
            "Memory": memory, "MemorySwap": memory,
            "ShmSize": content.sharedMemoryMiB.map { .integer($0 << 20) },
            "PidsLimit": content.processes.map { .integer($0) },
            "Mounts": Document(.array(mounts)),
            "ExtraHosts": needsHost ? .strings(["\(DockerCall.host):host-gateway"]) : nil,
            // What has ended is kept until its time: it can be looked into, and no name is used twice.
            "AutoRemove": Document(.boolean(false)),
            "RestartPolicy": .object(["Name": .string("no")]),
            // Something must collect the tasks' processes whose parents have ended.
            "Init": Document(.boolean(true)),
            "SecurityOpt": .strings(["no-new-privileges"]),
        ])
    }
}

extension Document {
    fileprivate static func strings(_ texts: [String]) -> Document {
        Document(.array(texts.map { .string($0) }))
    }
}
