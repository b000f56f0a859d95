import MusterCore
import MusterEngine
import MusterStore

/// What a program's database says of its launches and workers, read while no program has it.
struct FleetRows: Sendable {
    /// A part of a launch that failed, as its event tells.
    struct Failure: Hashable, Sendable {
        var launch: String
        var label: String
        var message: String
    }

    /// The launches, by their ids.
    var launches: [String: Launch] = [:]
    /// All workers, those that are gone included.
    var workers: [Worker] = []
    /// The instances that were ended because nobody knew them, by provider.
    var endedUnknown: [String: Set<String>] = [:]
    /// What failed.
    var failures: [Failure] = []
    /// Numbers that are kept and are not what a recount gives.
    var differences: [String] = []
    /// What tells this fleet's instances from others'.
    var fleet = ""

    /// Launches of which nobody knows yet what came.
    var openLaunches: Set<String> { Set(launches.filter { $0.value.state == .planned }.keys) }

    /// The instances of a provider's workers that are not known to be gone.
    func instances(of provider: String) -> Set<String> {
        Set(workers.filter { $0.providerID.rawValue == provider && $0.state != .stopped }.map(\.instanceID))
    }

    /// Reads them.
    static func read(_ database: String) async throws -> FleetRows {
        let store = try SQLiteStore(path: database, access: .readOnly)
        do {
            let rows = try await store.read { transaction in
                var rows = FleetRows()
                rows.fleet = try await transaction.setting(FleetSetting.name) ?? ""
                rows.launches = try await launches(in: transaction)
                for bucket in Bucket.allCases { rows.workers += try await workers(in: transaction, bucket) }
                try await rows.readEvents(in: transaction)
                rows.differences = try await transaction.counterDifferences().map { "\($0)" }
                return rows
            }
            await store.close()
            return rows
        } catch {
            await store.close()
            throw error
        }
    }

    private static func launches(in transaction: any ReadTransaction) async throws -> [String: Launch] {
        var launches: [String: Launch] = [:]
        var before: LaunchID?
        repeat {
            let page = try await transaction.launches(
                of: nil, state: nil, before: before, limit: ChaosPolicy.rowsPerPage)
            for launch in page.elements { launches[launch.id.rawValue] = launch }
            before = page.next
        } while before != nil
        return launches
    }

    private static func workers(
        in transaction: any ReadTransaction, _ bucket: Bucket
    ) async throws -> [Worker] {
        var workers: [Worker] = []
        var after: WorkerKey?
        repeat {
            let page = try await transaction.workers(
                WorkerFilter(bucket: bucket), after: after, limit: ChaosPolicy.rowsPerPage)
            workers += page.elements
            after = page.next
        } while after != nil
        return workers
    }

    private mutating func readEvents(in transaction: any ReadTransaction) async throws {
        var position: Int64 = 0
        var isAtEnd = false
        while !isAtEnd {
            let page = try await transaction.events(
                after: position, EventFilter(types: [.instanceEnded, .launchFailed]),
                limit: ChaosPolicy.rowsPerPage)
            for event in page.entries.map(\.event) {
                func word(_ name: String) -> String { text(event.data[name]) ?? "" }
                if event.type == .launchFailed {
                    failures.append(
                        Failure(
                            launch: word("launchId"), label: word("error"), message: word("message")))
                } else {
                    endedUnknown[word("providerId"), default: []].insert(word("instanceId"))
                }
            }
            (position, isAtEnd) = (page.position, page.isAtEnd)
        }
    }
}
