import MusterCore
import MusterRuntime

extension InstanceLauncher {
    /// CreateFleet for one market after the other: a later one is asked for what an earlier one had no capacity for,
    /// when it is certain what that one has made.
    func fleet(
        _ fleet: AWSLaunchBody.FleetPart, of body: AWSLaunchBody, isRepeat: Bool, until end: Duration
    ) async -> Part {
        var part = Part()
        var missing = fleet.count
        for (index, call) in fleet.calls.enumerated() where missing > 0 {
            let isLast = index == fleet.calls.count - 1
            var canGoOn = false
            do throws(EC2Failure) {
                let (answer, mayBeRepeated) = try await create(call, missing, body, until: end)
                guard !answer.isSilent else {
                    // Nothing that such a call had made was found before this one was sent.
                    guard isRepeat else { throw Self.silent }
                    if isLast { part.refusals.append(Self.forgotten(missing)) }
                    continue
                }
                part.instances += answer.made.flatMap { made in
                    made.ids.map { instance($0, made, call.market, body) }
                }
                missing = max(0, missing - answer.count)
                let isShort = answer.refused.contains { AWSErrorTable.isShortage($0.code) }
                canGoOn = !isLast && isShort && !mayBeRepeated
                part.refusals += answer.refusals(of: canGoOn ? 0 : missing, body, call.market)
            } catch {
                canGoOn = !isLast && !error.mayHaveArrived && AWSErrorTable.isShortage(error.code)
                let failed = self.part(
                    of: error, count: canGoOn ? 0 : missing, body.offerings.first { $0.market == call.market }
                )
                part.refusals += failed.refusals
                part.isAccepted = part.isAccepted || failed.isAccepted
                part.unclear = failed.unclear
            }
            if !canGoOn { return part }
        }
        return part
    }

    /// Makes the fleet, and its template before it, or once more when EC2 does not know it.
    ///
    /// - Throws: also when the answer has no instances and an attempt before it may have made some.
    private func create(
        _ call: AWSLaunchBody.Fleet, _ count: Int, _ body: AWSLaunchBody, until end: Duration
    ) async throws(EC2Failure) -> (FleetAnswer, mayBeRepeated: Bool) {
        for isAnew in [false, true] {
            if let template = body.template {
                try await templates.make(
                    template, in: body.region, anew: isAnew, deadline: left(until: end))
            }
            do throws(EC2Failure) {
                let found = try await calls.send(
                    "CreateFleet", body: call.form(count: count, isAnew: isAnew), in: body.region,
                    deadline: left(until: end))
                let answer = try FleetAnswer(found)
                if answer.made.isEmpty, found.mayBeRepeated {
                    throw EC2Failure(
                        code: answer.refused.first?.code ?? Self.silent.code,
                        message: "CreateFleet answered without instances, after a call that was lost",
                        mayHaveArrived: true)
                }
                let isMissing =
                    answer.made.isEmpty && answer.refused.contains { LaunchTemplates.isMissing($0.code) }
                if !isMissing || isAnew { return (answer, found.mayBeRepeated) }
            } catch {
                let isMissing = LaunchTemplates.isMissing(error.code) && !error.mayHaveArrived
                if !isMissing || isAnew { throw error }
            }
        }
        throw EC2Failure(
            code: "unknown", message: "the launch template is not to be had", mayHaveArrived: false)
    }

    private static let silent = EC2Failure(
        code: "answer-unexpected", message: "CreateFleet answered with neither instances nor errors",
        mayHaveArrived: true)

    private static func forgotten(_ count: Int) -> LaunchRefusal {
        let error = AWSErrorTable.error(
            AWSErrorTable.forgotten,
            "the call was sent before and made nothing; why is lost with the answer that it had", .init())
        return LaunchRefusal(count: count, error: error)
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
