import MusterCore
import MusterHTTP
import MusterRuntime

/// The containers of one provider: which there are, and how they are ended.
struct DockerFleet: Sendable {
    let engine: DockerEngine
    let configuration: DockerProviderConfiguration
    let clock: any WallClock
    let log: Log
    let endings = DockerEndings()

    /// A container of ours that is or was an instance.
    private struct Listed: Sendable {
        var container: ListedContainer
        var instance: Instance
    }

    /// The containers of ours, or of one launch of ours, that were started: what was only made is no instance.
    ///
    /// - Throws: when the engine did not tell of all.
    func list(of launch: LaunchID? = nil) async throws(CloudError) -> [Instance] {
        try await containers(of: launch).compactMap { listed(of: $0.launch, $0.container)?.instance }
    }

    /// Every container of ours, or of one launch of ours.
    private func containers(of launch: LaunchID? = nil) async throws(CloudError) -> [(
        container: ListedContainer, launch: LaunchID
    )] {
        var labels = [
            "\(DockerLabels.fleetName)=\(configuration.fleet)",
            "\(DockerLabels.providerName)=\(configuration.id)",
        ]
        if let launch { labels.append("\(DockerLabels.launchName)=\(launch)") }
        let filter = Document.object(["label": Document(.array(labels.map { .string($0) }))])
        let response = try await engine.send(
            .get, "/containers/json", [("all", "1"), ("filters", filter.canonicalJSON)],
            limit: CloudPolicy.dockerListingLimit)
        guard response.status == 200 else { throw CloudError(docker: response, to: "list containers") }
        let listed = try response.docker([ListedContainer].self)
        if launch == nil {
            endings.keep(ids: Set(listed.map(\.id)), names: Set(listed.compactMap(\.name)))
        }
        // Whatever the filter let through, only what is marked as ours is ours.
        return listed.compactMap { container in
            guard let found = DockerLabels.launch(in: container.labels ?? [:], of: configuration),
                launch == nil || found == launch, let name = container.name, WorkerID.accepts(name)
            else { return nil }
            return (container, found)
        }
    }

    /// Nil for one that was not started.
    private func listed(of launch: LaunchID, _ container: ListedContainer) -> Listed? {
        guard let text = container.name else { return nil }
        let name = WorkerID(rawValue: text)
        let state: Instance.State
        switch container.state {
        case .created: return nil
        case .running: state = endings.isAsked(name) ? .stopping : .running
        case .removing: state = .stopping
        case .ended: state = .gone
        }
        let instance = Instance(
            id: name.rawValue, launchID: launch, group: DockerProvider.group, workerID: name, state: state,
            startedAt: Timestamp(milliseconds: container.created * 1_000),
            detail: state == .gone ? endings.ending(of: container.id) ?? container.sentence : nil,
            offering: DockerProvider.machine.name)
        return Listed(container: container, instance: instance)
    }

    /// The containers of ours that were started, those that have ended with how. What has ended for long enough is
    /// removed, and so is what was made and nobody starts.
    ///
    /// - Parameter underWay: the launches that are being carried out here.
    func look(underWay: Set<LaunchID>) async throws(CloudError) -> [Instance] {
        let containers = try await containers()
        let unstarted = containers.filter { $0.container.state == .created && !underWay.contains($0.launch) }
        await remove(
            endings.abandoned(among: Set(unstarted.map(\.container.id)), at: clock.uptime()),
            "a container that was never started cannot be removed"
        ) { id throws(CloudError) in try await engine.removeUnstarted(id) }
        var listed = containers.compactMap { self.listed(of: $0.launch, $0.container) }
        let ended = listed.filter { $0.container.state == .ended }.map(\.container)
        let unseen = ended.filter { endings.ending(of: $0.id) == nil }.prefix(CloudPolicy.dockerEndedAtOnce)
        await inSmallNumbers(Array(unseen)) { container in
            guard let seen = try? await engine.inspect(container.id) else { return }
            endings.note(container.id, seen.ending, at: seen.finishedAt ?? clock.now())
        }
        for index in listed.indices where listed[index].instance.state == .gone {
            if let ending = endings.ending(of: listed[index].container.id) {
                listed[index].instance.detail = ending
            }
        }
        let cutoff = clock.now() - configuration.retention
        let old = ended.map(\.id).filter { endings.isOver($0, since: cutoff) }
        await remove(old, "a container that has ended cannot be removed") { id throws(CloudError) in
            try await engine.remove(id)
        }
        return listed.map(\.instance)
    }

    private func remove(
        _ ids: [String], _ failure: String,
        _ body: @escaping @Sendable (String) async throws(CloudError) -> Void
    ) async {
        await inSmallNumbers(Array(ids.prefix(CloudPolicy.dockerEndedAtOnce))) { id in
            do throws(CloudError) {
                try await body(id)
            } catch {
                log.warning(failure, ["container": id, "error": error.description])
            }
        }
    }

    /// Asks containers to end; the errors by name.
    func terminate(_ names: [String]) async -> [String: CloudError] {
        let errors = Locked<[String: CloudError]>([:])
        await inSmallNumbers(names.filter(WorkerID.accepts)) { name in
            do throws(CloudError) {
                try await terminate(WorkerID(rawValue: name))
            } catch {
                errors.withLock { $0[name] = error }
            }
        }
        return errors.withLock { $0 }
    }

    private func terminate(_ name: WorkerID) async throws(CloudError) {
        guard let container = try await engine.inspect(name.rawValue),
            DockerLabels.launch(in: container.configuration.labels ?? [:], of: configuration) != nil
        else { return }
        switch container.state {
        case .ended, .removing: return
        // Nothing of it runs, and its launch is over: nobody starts it any more.
        case .created: try await engine.removeUnstarted(container.id)
        case .running: try await stop(name)
        }
    }

    /// The engine goes on by itself once it has been asked: it signals, waits for the time, and kills.
    private func stop(_ name: WorkerID) async throws(CloudError) {
        let grace = configuration.stopTime
        guard let order = endings.ask(name, grace: grace, at: clock.uptime()) else { return }
        let time = order == .kill ? 0 : grace.components.seconds
        do throws(CloudError) {
            let response = try await engine.send(
                .post, "/containers/\(name)/stop", [("t", "\(time)")], body: [],
                within: CloudPolicy.dockerStopPatience)
            guard [204, 304, 404].contains(response.status) else {
                throw CloudError(docker: response, to: "end the container \(name)")
            }
        } catch {
            // The answer comes when it has ended, and that may take its time.
            if error.cloudCode == ProblemCode.networkTimeout.rawValue { return }
            endings.takeBack(name)
            throw error
        }
    }

    private func inSmallNumbers<Element: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, element) in elements.enumerated() {
                if index >= CloudPolicy.dockerCallsAtOnce { await group.next() }
                group.addTask { await body(element) }
            }
        }
    }
}
