import MusterCore
import MusterHTTP
import MusterRuntime

/// Sends launches. What comes of a call that was accepted is looked up.
final class GoogleLauncher: Sendable {
    private let api: GoogleAPI
    /// Refusals of single instances of launches of which others were accepted: nothing else remembers them.
    private let refused = Locked(RememberedRefusals())

    private let clock: any WallClock

    init(_ api: GoogleAPI, clock: any WallClock) {
        self.api = api
        self.clock = clock
    }

    /// Makes the calls of a launch.
    func launch(_ launch: GoogleLaunch) async -> LaunchOutcome {
        launch.content.isBulk ? await sendAll(launch) : await sendEach(launch)
    }

    /// The refusals of a launch's instances, by index, that this process was told.
    func refusals(of launch: LaunchID) -> [Int: CloudError] { refused.withLock { $0[launch] } }

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
        var errors: [Int: CloudError] = [:]
        var hasArrived = false
        for (index, answer) in answers.enumerated() {
            switch answer {
            case .unclear(let error): return .unclear(error)
            case .arrived: hasArrived = true
            case .refused(let found): errors[index] = found.first
            }
        }
        guard hasArrived else {
            return .answered(
                instances: [],
                refusals: LaunchRefusal.gathered(errors.sorted { $0.key < $1.key }.map(\.value)))
        }
        refused.withLock { $0[launch.id] = errors }
        return .accepted
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
            return error.isDefinite ? .refused(error.errors(place)) : .unclear(error.error(place))
        }
    }

    /// An operation; anything else is no answer of Compute Engine's.
    private struct Accepted: Decodable, Sendable {
        var name: String
    }
}

/// What was refused, for as many launches as a process has in flight.
private struct RememberedRefusals: Sendable {
    private var byLaunch: [LaunchID: [Int: CloudError]] = [:]
    private var order: [LaunchID] = []

    subscript(_ launch: LaunchID) -> [Int: CloudError] {
        get { byLaunch[launch] ?? [:] }
        set {
            // What was sent again and accepted is refused no more.
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
