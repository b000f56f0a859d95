import MusterCore
import MusterHTTP
import MusterRuntime

/// Sends launches. What comes of a call that was accepted is looked up.
final class GoogleLauncher: Sendable {
    private let api: GoogleAPI
    /// What single instances of launches failed of, of which others did not: nothing else remembers it.
    private let failures = Locked(RememberedFailures())
    private let clock: any WallClock

    init(_ api: GoogleAPI, clock: any WallClock) {
        self.api = api
        self.clock = clock
    }

    /// Makes the calls of a launch.
    func launch(_ launch: GoogleLaunch) async -> LaunchOutcome {
        launch.content.isBulk ? await sendAll(launch) : await sendEach(launch)
    }

    /// What a launch's instances failed of, by index, as far as this process was told.
    func failures(of launch: LaunchID) -> [Int: InsertionFailure] {
        let now = clock.uptime()
        return failures.withLock { $0[launch] }.mapValues { error, certainFrom in
            InsertionFailure(error: error, isCertain: certainFrom <= now)
        }
    }

    /// One call for all.
    private func sendAll(_ launch: GoogleLaunch) async -> LaunchOutcome {
        let address = api.compute("\(launch.scope.path)/instances/bulkInsert")
        switch await send(launch, index: nil, address, .bulkInsert, within: CallRound(clock: clock)) {
        case .arrived: return .accepted
        case .unclear(let error): return .unclear(error)
        case .refused(let errors):
            return .answered(instances: [], refusals: LaunchRefusal.spread(errors, over: launch.count))
        }
    }

    /// A call for each instance.
    private func sendEach(_ launch: GoogleLaunch) async -> LaunchOutcome {
        let address = api.compute("\(launch.scope.path)/instances")
        let round = CallRound(clock: clock)
        let answers = await Concurrently.map(0..<launch.count, atOnce: GooglePolicy.callsAtOnce) { index in
            await self.send(launch, index: index, address, .insert, within: round)
        }
        var failed: [Int: RememberedFailures.Failure] = [:]
        var unclear: CloudError?
        var refused: [CloudError] = []
        for (index, answer) in answers.enumerated() {
            switch answer {
            case .arrived: break
            case .refused(let errors):
                guard let error = errors.first else { continue }
                failed[index] = (error, certainFrom: .zero)
                refused.append(error)
            case .unclear(let error):
                // What has come of it is listed by then, or it has not come.
                failed[index] = (error, certainFrom: clock.uptime() + GooglePolicy.lookUpDelay)
                unclear = unclear ?? error
            }
        }
        if refused.count == launch.count {
            return .answered(instances: [], refusals: LaunchRefusal.gathered(refused))
        }
        // Where nothing at all is certain, all are sent again.
        let isAllUnclear = refused.isEmpty && failed.count == launch.count
        failures.withLock { [failed] in $0[launch.id] = isAllUnclear ? [:] : failed }
        return unclear.map { .unclear($0) } ?? .accepted
    }

    private enum Answer: Sendable {
        case arrived
        case refused([CloudError])
        case unclear(CloudError)
    }

    private func send(
        _ launch: GoogleLaunch, index: Int?, _ address: String, _ kind: GoogleCall.Kind,
        within round: CallRound
    ) async -> Answer {
        var call = GoogleCall(
            method: .post, address: address,
            query: [(name: "requestId", value: GoogleRequestID.make(launch.id, index: index))],
            body: launch.bytes(index), kind: kind, region: launch.content.region)
        do {
            call.deadline = try round.time()
            _ = try await api.value(call, as: Accepted.self)
            return .arrived
        } catch {
            // The name is taken: by this launch, since it is in no other's names.
            if error.means(.exists) { return .arrived }
            let place = launch.place(window: api.window)
            return error.mayHaveArrived ? .unclear(error.error(place)) : .refused(error.errors(place))
        }
    }

    /// An operation; anything else is no answer of Compute Engine's.
    private struct Accepted: Decodable, Sendable {
        var name: String
    }
}

/// What an insertion failed of.
struct InsertionFailure: Sendable {
    let error: CloudError
    /// Whether it is over; else it may have arrived all the same, and its instance may not be listed yet.
    let isCertain: Bool
}

/// What failed, for as many launches as a process has in flight.
private struct RememberedFailures: Sendable {
    typealias Failure = (error: CloudError, certainFrom: Duration)

    private var byLaunch: [LaunchID: [Int: Failure]] = [:]
    private var order: [LaunchID] = []

    subscript(_ launch: LaunchID) -> [Int: Failure] {
        get { byLaunch[launch] ?? [:] }
        set {
            // What was sent again and accepted has failed no more.
            if byLaunch[launch] == nil {
                guard !newValue.isEmpty else { return }
                order.append(launch)
            }
            byLaunch[launch] = newValue
            if order.count > GooglePolicy.rememberedLaunches { byLaunch[order.removeFirst()] = nil }
        }
    }
}

extension GoogleLaunch {
    /// What its faults are about.
    func place(zone: String? = nil, window: Duration) -> GoogleErrorPlace {
        GoogleErrorPlace(
            offerings: content.choices, zone: zone ?? content.zone, region: content.region,
            subnetwork: content.subnetwork, isLaunch: true, window: window)
    }
}
