import MusterCore
import MusterRuntime

extension InstanceLauncher {
    /// CreateFleet for one market after the other: a later one is asked for what an earlier one had no capacity for.
    func fleet(_ fleet: AWSLaunchBody.FleetPart, of body: AWSLaunchBody, until end: Duration) async -> Part {
        var part = Part()
        var missing = fleet.count
        for (index, call) in fleet.calls.enumerated() where missing > 0 {
            let isLast = index == fleet.calls.count - 1
            do throws(EC2Failure) {
                let answer = try await create(call, missing, body, until: end)
                part.instances += answer.made.flatMap { made in
                    made.ids.map { instance($0, made, call.market, body) }
                }
                missing = max(0, missing - answer.count)
                let canGoOn = !isLast && answer.refused.contains { AWSErrorTable.isShortage($0.code) }
                part.refusals += answer.refusals(of: canGoOn ? 0 : missing, body, call.market)
                if !canGoOn { return part }
            } catch {
                let canGoOn = !isLast && !error.mayHaveArrived && AWSErrorTable.isShortage(error.code)
                let failed = self.part(
                    of: error, count: canGoOn ? 0 : missing, body.offerings.first { $0.market == call.market }
                )
                part.refusals += failed.refusals
                part.isAccepted = part.isAccepted || failed.isAccepted
                part.unclear = failed.unclear
                if !canGoOn { return part }
            }
        }
        return part
    }

    /// Makes the fleet, and its template before it, or once more when EC2 does not know it.
    private func create(
        _ call: AWSLaunchBody.Fleet, _ count: Int, _ body: AWSLaunchBody, until end: Duration
    ) async throws(EC2Failure) -> FleetAnswer {
        let form = "\(call.form)&TargetCapacitySpecification.TotalTargetCapacity=\(count)"
        for isRepeat in [false, true] {
            if let template = body.template {
                try await templates.make(
                    template, in: body.region, anew: isRepeat, deadline: left(until: end))
            }
            var isMissing = false
            do throws(EC2Failure) {
                let answer = try FleetAnswer(
                    try await calls.send(
                        "CreateFleet", body: form, in: body.region, deadline: left(until: end)))
                isMissing =
                    answer.made.isEmpty && answer.refused.contains { LaunchTemplates.isMissing($0.code) }
                if !isMissing || isRepeat { return try clear(answer) }
            } catch {
                isMissing = LaunchTemplates.isMissing(error.code)
                if !isMissing || isRepeat { throw error }
            }
        }
        throw EC2Failure(
            code: "unknown", message: "the launch template is not to be had", mayHaveArrived: false)
    }

    /// An answer that says nothing may be a repeated one's: what the first call made must be looked up.
    private func clear(_ answer: FleetAnswer) throws(EC2Failure) -> FleetAnswer {
        guard answer.made.isEmpty, answer.refused.isEmpty else { return answer }
        throw EC2Failure(
            code: "answer-unexpected", message: "CreateFleet answered with neither instances nor errors",
            mayHaveArrived: true)
    }

    private func instance(
        _ id: String, _ made: FleetAnswer.Made, _ market: AWSMarket, _ body: AWSLaunchBody
    ) -> Instance {
        Instance(
            id: "\(body.region)/\(id)", launchID: body.launch, group: WorkerGroup(rawValue: body.region),
            workerID: WorkerID(rawValue: id), state: .pending, startedAt: nil,
            offering: body.offering(market: market, type: made.type, zone: made.zone)?.name)
    }
}
