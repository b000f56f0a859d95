import MusterCore
import MusterHTTP
import MusterRuntime

/// Makes and starts one container of a call. Each step may be repeated, by this process or the next: the name is the
/// container's own, so that no step is ever done to a second one.
struct ContainerStart: Sendable {
    let engine: DockerEngine
    let pulls: ImagePulls
    let configuration: DockerProviderConfiguration
    let clock: any WallClock

    /// The container as an instance, as soon as it runs or if it ever has.
    ///
    /// - Throws: `network` when it is not known what came of it.
    func carryOut(
        _ call: DockerCall, _ name: WorkerID, token: Secret<String>
    ) async throws(CloudError) -> Instance {
        if call.content.pull == .always {
            // What was made before needs no newer image.
            if let known = try await inspect(name) { return try await goOn(known, call, name, token) }
            if let error = await pulls.fetch(call.content.image) { throw error }
        }
        var response = try await create(call, name)
        if response.status == 404, call.content.pull != .never {
            // Somebody else's fetch may have ended since.
            if !(try await hasImage(call.content.image)), let error = await pulls.fetch(call.content.image) {
                throw error
            }
            response = try await create(call, name)
        }
        switch response.status {
        case 201: return try await run(call, name, token)
        case 409:
            guard let known = try await inspect(name) else {
                throw CloudError(
                    .transient, cloudCode: "docker-409", message: "the container \(name) was just removed")
            }
            return try await goOn(known, call, name, token)
        default: throw CloudError(docker: response, to: "make the container \(name)")
        }
    }

    /// Brings a container that exists to where it runs.
    private func goOn(
        _ container: InspectedContainer, _ call: DockerCall, _ name: WorkerID, _ token: Secret<String>
    ) async throws(CloudError) -> Instance {
        let labels = container.configuration.labels ?? [:]
        guard DockerLabels.launch(in: labels, of: configuration) == call.launch else {
            throw CloudError(
                .invalidConfig, cloudCode: "docker-409",
                message: "the engine has another container of the name \(name)")
        }
        if let instance = standing(container, call, name) { return instance }
        return try await run(call, name, token)
    }

    /// Hands a container that was made its token and starts it.
    private func run(
        _ call: DockerCall, _ name: WorkerID, _ token: Secret<String>
    ) async throws(CloudError) -> Instance {
        do throws(CloudError) {
            try await hand(token, to: name, as: call.content.user)
            try await start(name)
        } catch {
            guard error.kind != .network, let known = try? await inspect(name) else { throw error }
            // Another process may be at the same launch, and have started it.
            if let instance = standing(known, call, name) { return instance }
            // One that cannot be started would keep its name.
            try? await engine.removeUnstarted(known.id)
            throw error
        }
        return instance(call, name, .running, detail: nil)
    }

    /// What a container is as an instance; nil for one that was not started.
    private func standing(_ container: InspectedContainer, _ call: DockerCall, _ name: WorkerID) -> Instance?
    {
        switch container.state {
        case .created: nil
        case .running, .removing: instance(call, name, .running, detail: nil)
        case .ended: instance(call, name, .gone, detail: container.ending)
        }
    }

    private func instance(
        _ call: DockerCall, _ name: WorkerID, _ state: Instance.State, detail: String?
    ) -> Instance {
        Instance(
            id: name.rawValue, launchID: call.launch, group: DockerProvider.group, workerID: name,
            state: state,
            startedAt: state == .running ? clock.now() : nil, detail: detail,
            offering: DockerProvider.machine.name)
    }

    // MARK: The steps

    private func inspect(_ name: WorkerID) async throws(CloudError) -> InspectedContainer? {
        try await repeated { () throws(CloudError) in try await engine.inspect(name.rawValue) }
    }

    /// The name makes it safe to send again: when the answer was lost the repeat is told of a conflict.
    private func create(_ call: DockerCall, _ name: WorkerID) async throws(CloudError) -> HTTPResponse {
        let body = Array(
            ContainerSpecification(call, name, configuration).document.canonicalJSON.utf8)
        return try await repeated { () throws(CloudError) in
            try await engine.send(.post, "/containers/create", [("name", name.rawValue)], body: body)
        }
    }

    private func hasImage(_ image: String) async throws(CloudError) -> Bool {
        try await engine.send(.get, "/images/\(QueryText.escaped(image))/json").status == 200
    }

    private func hand(
        _ token: Secret<String>, to name: WorkerID, as user: String?
    ) async throws(CloudError) {
        let archive = TokenArchive.bytes(token, user: user)
        let response = try await repeated { () throws(CloudError) in
            try await engine.send(
                .put, "/containers/\(name)/archive", [("path", "/")], body: archive, type: "application/x-tar"
            )
        }
        guard response.status == 200 else {
            throw CloudError(docker: response, to: "take the registration token of \(name)")
        }
    }

    private func start(_ name: WorkerID) async throws(CloudError) {
        let response = try await repeated { () throws(CloudError) in
            try await engine.send(.post, "/containers/\(name)/start", body: [])
        }
        // 304: it runs, or has run, since the answer to the first call was lost.
        guard response.status == 204 || response.status == 304 else {
            throw CloudError(docker: response, to: "start the container \(name)")
        }
    }

    /// Sends again what got no answer, a few times.
    private func repeated<Answer>(
        _ body: () async throws(CloudError) -> Answer
    ) async throws(CloudError) -> Answer {
        for _ in 1..<CloudPolicy.dockerTries {
            do throws(CloudError) {
                return try await body()
            } catch {
                guard error.kind == .network else { throw error }
            }
            do { try await clock.sleep(for: CloudPolicy.dockerRetryDelay) } catch { break }
        }
        return try await body()
    }
}
