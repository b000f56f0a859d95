import MusterCore
import MusterStore

/// What a program's database says of its launches and workers, read beside the program.
struct FleetRows: Sendable {
    /// The launches, by their ids.
    var launches: [String: Launch] = [:]
    /// The instances of workers that are not known to be gone, by provider.
    var instances: [String: Set<String>] = [:]
    /// The names of these workers.
    var workers: [String] = []
    /// Numbers that are kept and are not what a recount gives.
    var differences: [String] = []

    /// Launches of which nobody knows yet what came.
    var openLaunches: Int { launches.values.filter { $0.state == .planned }.count }

    /// Reads them.
    static func read(_ database: String) async throws -> FleetRows {
        let store = try SQLiteStore(path: database, access: .readOnly)
        do {
            let rows = try await store.read { transaction in
                var rows = FleetRows()
                var before: LaunchID?
                repeat {
                    let page = try await transaction.launches(
                        of: nil, state: nil, before: before, limit: 1_000)
                    for launch in page.elements { rows.launches[launch.id.rawValue] = launch }
                    before = page.next
                } while before != nil
                for provider in try await transaction.groupsOfWorkers().map(\.provider) {
                    let workers = try await transaction.livingWorkers(of: provider, after: nil, limit: .max)
                    rows.workers += workers.map(\.key.id.rawValue)
                    rows.instances[provider.rawValue] = Set(workers.map(\.instanceID))
                }
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
}
