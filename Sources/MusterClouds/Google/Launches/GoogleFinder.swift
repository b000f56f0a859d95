import MusterCore
import MusterRuntime

/// Finds out what came of launches: those that are asked for in one moment, and went to one place, by one look.
final class GoogleFinder: Sendable {
    private typealias Look = GatheredLook<Question, LaunchFinding>

    struct Question: Sendable {
        let launch: GoogleLaunch
        let plannedAt: Timestamp
    }

    private let api: GoogleAPI
    private let inventory: GoogleInventory
    private let launcher: GoogleLauncher
    private let clock: any WallClock
    private let looks = Locked<[GoogleScope: Look]>([:])

    init(_ api: GoogleAPI, fleet: String, launcher: GoogleLauncher, clock: any WallClock) {
        self.api = api
        self.launcher = launcher
        self.clock = clock
        inventory = GoogleInventory(api: api, fleet: fleet)
    }

    /// What came of a launch.
    func find(_ launch: GoogleLaunch, plannedAt: Timestamp) async throws(CloudError) -> LaunchFinding {
        try await look(at: launch.scope).answer(to: Question(launch: launch, plannedAt: plannedAt))
    }

    /// A slow or dead place delays only what was launched there.
    private func look(at scope: GoogleScope) -> Look {
        looks.withLock { [clock] looks in
            if let look = looks[scope] { return look }
            let look = Look(clock: clock, time: GooglePolicy.gatheringTime) { [weak self] questions in
                do throws(CloudError) {
                    guard let self else {
                        throw CloudError(
                            .network, cloudCode: "shut-down", message: "the provider was shut down")
                    }
                    return .success(try await self.answers(questions, in: scope))
                } catch {
                    return .failure(error)
                }
            }
            looks[scope] = look
            return look
        }
    }

    /// Operations are read before instances: what has ended by then, and is not listed afterwards, is gone.
    private func answers(
        _ questions: [Question], in scope: GoogleScope
    ) async throws(CloudError) -> [LaunchFinding] {
        let oldest = questions.map(\.plannedAt).min() ?? clock.now()
        let reader = GoogleOperations(api: api)
        let operations: [String: GoogleOperation]
        do {
            operations = try await reader.operations(
                in: scope, withRequestIDs: questions.flatMap { $0.launch.requestIDs }, since: oldest)
        } catch {
            throw error.error(GoogleErrorPlace(region: scope.region, window: api.window))
        }
        let (instances, unseen) = try await inventory.instances(of: questions.map(\.launch.id), in: scope)
        let (parts, unread) = await parts(
            of: questions.map(\.launch), operations, instances, outside: unseen, since: oldest, reader)
        return questions.map { question in
            let launch = question.launch
            let outcome = GoogleOutcome(
                launch: launch, instances: instances[launch.id] ?? [], unread: unread, window: api.window)
            guard launch.content.isBulk else {
                return outcome.finding(each: operations, failures: launcher.failures(of: launch.id))
            }
            let operation = launch.requestIDs.first.flatMap { operations[$0] }
            return outcome.finding(
                all: operation, parts: operation?.operationGroupId.flatMap { parts[$0] } ?? [])
        }
    }

    /// The single insertions of those bulk insertions that have ended with fewer instances than were asked for, by
    /// their groups, and the zones that did not tell of them or could not be seen before.
    private func parts(
        of launches: [GoogleLaunch], _ operations: [String: GoogleOperation],
        _ instances: [LaunchID: [GoogleInstance]], outside unseen: Set<String>, since oldest: Timestamp,
        _ reader: GoogleOperations
    ) async -> (byGroup: [String: [GoogleOperation]], unread: Set<String>) {
        var groups: [String: Set<String>] = [:]
        for launch in launches where launch.content.isBulk {
            guard let operation = launch.requestIDs.first.flatMap({ operations[$0] }), operation.isDone,
                (instances[launch.id] ?? []).count < launch.count, let group = operation.operationGroupId
            else { continue }
            let zones = Set(launch.content.choices.map(\.zone)).union(operation.zones)
            for zone in zones.subtracting(unseen) { groups[zone, default: []].insert(group) }
        }
        let answers = await Concurrently.map(groups, atOnce: GooglePolicy.callsAtOnce) { zone, ids in
            (zone, try? await reader.parts(of: ids.sorted(), inZone: zone, since: oldest))
        }
        var parts: [String: [GoogleOperation]] = [:]
        var unread = unseen
        for (zone, found) in answers {
            guard let found else {
                unread.insert(zone)
                continue
            }
            parts.merge(found) { $0 + $1 }
        }
        return (parts, unread)
    }
}
