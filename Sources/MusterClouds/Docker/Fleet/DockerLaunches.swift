import MusterCore
import MusterRuntime

/// The launches that are being carried out, and how those ended that nobody waited for.
///
/// A launch goes on without whoever asked for it: fetching an image takes longer than a call may.
actor DockerLaunches {
    private let start: ContainerStart
    private let log: Log
    private let changes: ChangeSignal
    private var underWay: [LaunchID: Task<LaunchOutcome, Never>] = [:]
    private var ended: [LaunchID: [LaunchRefusal]] = [:]
    private var order: [LaunchID] = []

    init(_ start: ContainerStart, log: Log, changes: ChangeSignal) {
        self.start = start
        self.log = log
        self.changes = changes
    }

    /// Begins a launch, or joins the one that is under way.
    func begin(
        _ call: DockerCall, token: @escaping @Sendable (WorkerID) -> Secret<String>
    ) -> Task<LaunchOutcome, Never> {
        if let task = underWay[call.launch] { return task }
        ended[call.launch] = nil
        let task = Task {
            let outcome = await carryOut(call, token: token)
            finish(call.launch, outcome)
            return outcome
        }
        underWay[call.launch] = task
        return task
    }

    /// Those that are under way.
    var ids: Set<LaunchID> { Set(underWay.keys) }

    /// What is known here of a launch: whether it is under way, and what was refused.
    func standing(of launch: LaunchID) -> (isUnderWay: Bool, refusals: [LaunchRefusal]) {
        (underWay[launch] != nil, ended[launch] ?? [])
    }

    /// Ends what is under way: what it has made so far is found by the next look.
    func stop() {
        for task in underWay.values { task.cancel() }
    }

    private func finish(_ launch: LaunchID, _ outcome: LaunchOutcome) {
        underWay[launch] = nil
        if case .answered(_, let refusals) = outcome, !refusals.isEmpty {
            if order.count >= CloudPolicy.dockerLaunchesRemembered { ended[order.removeFirst()] = nil }
            ended[launch] = refusals
            order.append(launch)
        }
        changes.send()
    }

    private func carryOut(
        _ call: DockerCall, token: @escaping @Sendable (WorkerID) -> Secret<String>
    ) async -> LaunchOutcome {
        var instances: [Instance] = []
        var failure: CloudError?
        let start = start
        await withTaskGroup(of: Result<Instance, CloudError>.self) { group in
            var names = call.instances[...]
            func next() {
                guard failure == nil, !Task.isCancelled, let name = names.popFirst() else { return }
                group.addTask {
                    do throws(CloudError) {
                        return .success(try await start.carryOut(call, name, token: token(name)))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for _ in 0..<CloudPolicy.dockerStartsAtOnce { next() }
            for await result in group {
                switch result {
                case .success(let instance): instances.append(instance)
                // What stopped one stops those that come after it. What may have arrived weighs more.
                case .failure(let error):
                    failure = failure.map { $0.kind == .network ? $0 : error } ?? error
                }
                next()
            }
        }
        let missing = call.instances.count - instances.count
        log.info(
            "launched containers",
            ["launch": call.launch.rawValue, "started": "\(instances.count)", "missing": "\(missing)"])
        if Task.isCancelled, missing > 0 {
            return .unclear(
                CloudError(.network, cloudCode: "stopped", message: "the launch was given up on the way"))
        }
        if let failure, failure.kind == .network { return .unclear(failure) }
        instances.sort { $0.id < $1.id }
        return .answered(
            instances: instances, refusals: failure.map { [LaunchRefusal(count: missing, error: $0)] } ?? [])
    }
}
