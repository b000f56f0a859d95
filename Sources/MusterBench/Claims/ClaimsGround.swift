import MusterCore
import MusterTesting

/// What claims are measured on with one engine: its queues, and the single-row queue beside them.
struct ClaimsGround {
    let engine: BenchEngine
    /// The usual queues, by how many tenants they have.
    let queues: [Int: ClaimsScene]
    /// The one that `--tasks` asks for.
    let longQueue: ClaimsScene?
    /// The baseline, in a database or schema of its own beside them.
    let singleRow: any SingleRowQueue
    /// The queries that rank their whole queue, by how many users it has; PostgreSQL alone.
    let windows: [Int: WindowQueue]
    private let folder: TemporaryFolder
    private let places: [PostgresSchemaPlace]

    /// Fills everything.
    static func make(on engine: BenchEngine, _ surroundings: Surroundings) async throws -> ClaimsGround {
        let folder = try TemporaryFolder(in: surroundings.folder)
        var places: [PostgresSchemaPlace] = []
        func place() async throws -> PostgresSchemaPlace {
            let place = try await surroundings.postgres.schema()
            places.append(place)
            return place
        }
        func queue(_ tasks: Int, tenants: Int) async throws -> ClaimsScene {
            surroundings.say("claims: queueing \(tasks) tasks of \(tenants) tenants on \(engine.rawValue)")
            let scene =
                switch engine {
                case .sqlite:
                    try Scene(
                        database: folder.path + "/\(tasks)-\(tenants).db", seed: surroundings.seed)
                case .postgres: try await Scene(place: try await place(), seed: surroundings.seed)
                }
            return try await ClaimsScene.make(
                in: scene, tasks: tasks, tenants: tenants, seed: surroundings.seed)
        }

        var queues: [Int: ClaimsScene] = [:]
        for tenants in BenchPolicy.tenants {
            queues[tenants] = try await queue(BenchPolicy.queuedTasks, tenants: tenants)
        }
        var longQueue: ClaimsScene?
        if let tasks = surroundings.wanted.longQueue {
            longQueue = try await queue(tasks, tenants: BenchPolicy.longQueueTenants)
        }
        let rows = BenchPolicy.queuedTasks
        var windows: [Int: WindowQueue] = [:]
        let singleRow: any SingleRowQueue
        switch engine {
        case .sqlite: singleRow = try PlainQueue(path: folder.path + "/plain.db", rows: rows)
        case .postgres:
            singleRow = try await PostgresSingleRowQueue(
                in: try await place(), rows: rows, folder: folder.path)
            for tenants in BenchPolicy.tenants {
                windows[tenants] = try await WindowQueue(
                    in: try await place(), rows: rows, users: tenants, folder: folder.path)
            }
            try await surroundings.postgres.checkpoint()
        }
        return ClaimsGround(
            engine: engine, queues: queues, longQueue: longQueue, singleRow: singleRow, windows: windows,
            folder: folder, places: places)
    }

    /// Makes sure that everything was right, and removes it.
    func close() async throws {
        for queue in queues.values { try await queue.close() }
        try await longQueue?.close()
        try await singleRow.check()
        for place in places { try await place.remove() }
    }
}
