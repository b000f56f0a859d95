import MusterCore
import MusterRuntime

/// Sends the calls of a launch, and makes one outcome of their answers.
struct InstanceLauncher: Sendable {
    let calls: EC2Calls
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
    func launch(_ body: AWSLaunchBody) async -> LaunchOutcome {
        let end = clock.uptime() + CloudPolicy.awsLaunchDeadline
        let parts = await withTaskGroup(of: Part.self) { group in
            for run in body.runs { group.addTask { await self.run(run, of: body, until: end) } }
            for fleet in body.fleets { group.addTask { await self.fleet(fleet, of: body, until: end) } }
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
                "RunInstances", body: run.form, in: body.region, deadline: left(until: end))
            let found = try RunAnswer(answer).instances
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
        if failure.code == AWSErrorTable.mismatch { return Part(isAccepted: true) }
        let error = failure.error(offering?.errorPlace ?? .init())
        guard !failure.mayHaveArrived else { return Part(unclear: error) }
        return Part(refusals: [LaunchRefusal(count: count, error: error)])
    }

    /// The time until a moment; there is always some, so that a call that comes late is refused and not forgotten.
    func left(until end: Duration) -> Duration {
        max(end - clock.uptime(), CloudPolicy.awsShortestCall)
    }
}

/// What RunInstances answers.
struct RunAnswer: Sendable {
    let instances: [EC2Instance]

    /// - Throws: `EC2Failure` when the answer cannot be read: the call arrived then.
    init(_ body: [UInt8]) throws(EC2Failure) {
        do throws(Problem) {
            instances = try XML.elements(at: "instancesSet/item", keeping: EC2Instance.kept, in: body)
                .compactMap(EC2Instance.init)
        } catch {
            throw EC2Failure(code: error.code.rawValue, message: error.message, mayHaveArrived: true)
        }
        guard !instances.isEmpty else {
            throw EC2Failure(
                code: "answer-unexpected", message: "RunInstances answered without an instance",
                mayHaveArrived: true)
        }
    }
}
