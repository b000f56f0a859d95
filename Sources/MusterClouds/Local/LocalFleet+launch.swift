import CLinux
import Glibc
import MusterCore
import MusterRuntime

extension LocalFleet {
    /// Starts those instances of a call that have never been started.
    ///
    /// There is no suspension while it does: nobody sees a process that has no record yet.
    func launch(_ call: LocalCall, token: @Sendable (WorkerID) -> Secret<String>) async -> LaunchOutcome {
        let end = clock.uptime() + CloudPolicy.localTurnPatience
        do throws(SystemError) {
            var claim = try claimFolder()
            while claim == nil, clock.uptime() < end, !Task.isCancelled {
                try? await clock.sleep(for: CloudPolicy.localTurnRetry)
                claim = try claimFolder()
            }
            guard let claim else {
                let message = "another process is starting instances in \(configuration.folder)"
                return .unclear(CloudError(.transient, cloudCode: "EWOULDBLOCK", message: message))
            }
            defer { withExtendedLifetime(claim) {} }
            return try launchClaimed(call, token: token)
        } catch {
            return .unclear(CloudError(error))
        }
    }

    /// - Throws: when it cannot be found out which instances exist.
    private func launchClaimed(
        _ call: LocalCall, token: @Sendable (WorkerID) -> Secret<String>
    ) throws(SystemError) -> LaunchOutcome {
        var instances: [Instance] = []
        var failure: CloudError?
        for name in call.instances {
            if let record = try folder(name).readRecord() {
                // A name of another fleet's: neither ours to tell of nor free to start.
                guard record.fleet == configuration.fleet else {
                    let message = "\(configuration.folder)/\(name) is another fleet's"
                    failure = CloudError(.invalidConfig, cloudCode: "EEXIST", message: message)
                    continue
                }
                instances.append(try observe(record))
                continue
            }
            // What stopped one stops the rest; those that exist already are still told of.
            guard failure == nil else { continue }
            do throws(CloudError) {
                instances.append(try start(name, of: call, token: token(name)))
            } catch {
                failure = error
            }
        }
        let missing = call.instances.count - instances.count
        let refusals = failure.map { [LaunchRefusal(count: missing, error: $0)] } ?? []
        log.info(
            "launched local instances",
            ["launch": call.launch.rawValue, "started": "\(instances.count)", "refused": "\(missing)"])
        return .answered(instances: instances, refusals: refusals)
    }

    /// Starts one instance; when it throws, nothing has run and nothing is left.
    private func start(
        _ name: WorkerID, of call: LocalCall, token: Secret<String>
    ) throws(CloudError) -> Instance {
        let place = folder(name)
        let command = try InstanceCommand(call, place, configuration, users: users)
        do throws(CloudError) {
            return try start(command, in: place, launch: call.launch, token: token)
        } catch {
            do throws(SystemError) {
                try place.remove()
            } catch {
                log.warning("cannot remove the folder of a failed start", ["error": error.description])
            }
            throw error
        }
    }

    private func start(
        _ command: InstanceCommand, in place: InstanceFolder, launch: LaunchID, token: Secret<String>
    ) throws(CloudError) -> Instance {
        let (gate, request) = try onMachine { () throws(SystemError) in
            try place.prepare(token: token, owner: command.owner)
            let output = try OwnedDescriptor.open(place.log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW)
            let input = try OwnedDescriptor.open("/dev/null", O_RDONLY)
            let gate = try StartGate()
            return (gate, gate.request(command, input: input, log: output))
        }
        let child: ChildProcess
        do throws(SystemError) {
            child = try ChildProcess.launch(request)
        } catch {
            throw CloudError(starting: error)
        }
        return try onMachine { () throws(SystemError) in
            guard let process = try ProcessStatus.read(child.pid) else {
                throw SystemError(ESRCH, "hold process \(child.pid) until its record is written")
            }
            let record = InstanceRecord(
                name: place.name, launch: launch, fleet: configuration.fleet, process: process,
                bootID: try ProcessTable.bootID(), startedAt: clock.now())
            FaultPoint.reach(.launchStarted)
            try place.write(record)
            FaultPoint.reach(.instanceRecorded)
            try gate.open()
            watch(child, record)
            return record.instance(.running)
        }
    }

    private func onMachine<Result>(_ body: () throws(SystemError) -> Result) throws(CloudError) -> Result {
        do throws(SystemError) {
            return try body()
        } catch {
            throw CloudError(error)
        }
    }
}
