import MusterCore
import MusterRuntime

/// Sends the calls of a launch, and makes one outcome of their answers.
struct InstanceLauncher: Sendable {
    let calls: EC2Calls
    let lookUps: LaunchLookUps
    let templates: LaunchTemplates
    let clock: any WallClock

    /// What one call came to.
    struct Part: Sendable {
        var instances: [Instance] = []
        var refusals: [LaunchRefusal] = []
        /// It arrived; what came of it must be looked up.
        var isAccepted = false
        /// Whether it arrived is not known, or not what came of it.
        var unclear: CloudError?
    }

    /// Sends a launch, its calls beside one another.
    ///
    /// One that may have been sent before is looked up first: what its calls have made is listed by now, and their
    /// tokens may answer without it. Where nothing is found, what this time is answered holds.
    func launch(_ body: AWSLaunchBody, isRepeat: Bool) async -> LaunchOutcome {
        let end = clock.uptime() + CloudPolicy.awsLaunchDeadline
        if isRepeat {
            switch await lookUps.instances(of: body.launch, in: body.region) {
            case .success(let found): if !found.isEmpty { return .accepted }
            case .failure(let failure): return .unclear(failure.error())
            }
        }
        let parts = await withTaskGroup(of: Part.self) { group in
            for run in body.runs { group.addTask { await self.run(run, of: body, until: end) } }
            for fleet in body.fleets {
                group.addTask { await self.fleet(fleet, of: body, isRepeat: isRepeat, until: end) }
            }
            var parts: [Part] = []
            for await part in group { parts.append(part) }
            return parts
        }
        // One part that is not clear leaves the whole to be looked up: by then the others' instances are listed too.
        if let unclear = parts.lazy.compactMap(\.unclear).first { return .unclear(unclear) }
        if parts.contains(where: \.isAccepted) { return .accepted }
        return .answered(instances: parts.flatMap(\.instances), refusals: parts.flatMap(\.refusals))
    }

    /// RunInstances: what came short of the maximum is for want of capacity, which EC2 says in no other way.
    private func run(_ run: AWSLaunchBody.Run, of body: AWSLaunchBody, until end: Duration) async -> Part {
        let offering = body.offerings.first
        do throws(EC2Failure) {
            let answer = try await calls.send(
                "RunInstances", body: run.form, in: body.region, about: run.count, deadline: left(until: end))
            let found = try RunAnswer(answer).instances
            // A token's instances may have ended since, and there may be others that the answer does not name.
            guard found.allSatisfy(\.isAlive) else { return Part(isAccepted: true) }
            var part = Part(instances: found.map { $0.instance(in: body.region, offering: offering) })
            // Those of a repeated call may not carry their tags yet.
            for index in part.instances.indices { part.instances[index].launchID = body.launch }
            let missing = run.count - found.count
            if missing > 0 {
                let error = AWSErrorTable.error(
                    "InsufficientInstanceCapacity", "EC2 had \(found.count) of the \(run.count) instances",
                    offering?.errorPlace ?? .init())
                part.refusals = [LaunchRefusal(count: missing, error: error)]
            }
            return part
        } catch {
            return part(of: error, count: run.count, offering)
        }
    }

    /// What a failed call comes to.
    func part(of failure: EC2Failure, count: Int, _ offering: AWSOffering?) -> Part {
        if AWSErrorTable.meansArrived(failure.code) { return Part(isAccepted: true) }
        let error = failure.error(offering?.errorPlace ?? .init())
        guard !failure.mayHaveArrived else { return Part(unclear: error) }
        return Part(refusals: [LaunchRefusal(count: count, error: error)])
    }

    /// The time until a moment; there is always some, so that a call that comes late is refused and not forgotten.
    func left(until end: Duration) -> Duration {
        max(end - clock.uptime(), CloudPolicy.awsShortestCall)
    }
}
