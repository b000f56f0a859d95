public import MusterCore

/// Which workers a listing shows.
public struct WorkerFilter: Sendable {
    /// Those of one pool.
    public var pool: PoolID?
    /// Those that are counted in one bucket; without it those that are not gone.
    public var bucket: Bucket?
    /// Those of one launch config.
    public var launchConfig: LaunchConfigID?
    /// Those of one name, gone or not.
    public var name: WorkerID?

    /// Makes a filter.
    public init(
        pool: PoolID? = nil, bucket: Bucket? = nil, launchConfig: LaunchConfigID? = nil, name: WorkerID? = nil
    ) {
        self.pool = pool
        self.bucket = bucket
        self.launchConfig = launchConfig
        self.name = name
    }
}

extension ReadTransaction {
    /// A page of workers in the order of their names, after `key`.
    public func workers(
        _ filter: WorkerFilter, after key: WorkerKey?, limit: Int
    ) async throws -> Page<Worker, WorkerKey> {
        var conditions = Conditions()
        if let bucket = filter.bucket {
            // The bucket follows from it; the planner does not know, and each has an index of its own.
            conditions.require("stopped_at IS \(bucket == .stopped ? "NOT " : "")NULL")
            conditions.require("bucket", "=", bucket)
        } else if filter.name == nil {
            conditions.require("stopped_at IS NULL")
        }
        conditions.require("pool_id", ifAny: filter.pool)
        conditions.require("launch_config_id", ifAny: filter.launchConfig)
        conditions.require("id", ifAny: filter.name)
        if let key {
            conditions.require("pool_id, worker_group, id", ">", all: [key.poolID, key.group, key.id])
        }
        let count = conditions.number(limit + 1)
        let rows = try await rows(
            """
            SELECT * FROM workers WHERE \(conditions.text) ORDER BY pool_id, worker_group, id LIMIT \(count)
            """, conditions.values)
        return Page(try rows.map(Worker.init(row:)), limit: limit, \.key)
    }
}
