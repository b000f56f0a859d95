public import MusterCore

/// The full name of a launch config.
public struct LaunchConfigKey: Hashable, Sendable {
    /// The pool that it belongs to.
    public var poolID: PoolID
    /// Its name there.
    public var id: LaunchConfigID

    /// Makes a name from its parts.
    public init(poolID: PoolID, id: LaunchConfigID) {
        self.poolID = poolID
        self.id = id
    }
}

extension ReadTransaction {
    /// A page of launch configs in the order of their names, after `key`.
    ///
    /// - Parameter archived: whether those that have left their pool's definition are among them.
    public func launchConfigs(
        of pool: PoolID?, archived: Bool, after key: LaunchConfigKey?, limit: Int
    ) async throws -> Page<LaunchConfig, LaunchConfigKey> {
        var conditions = Conditions()
        conditions.require("pool_id", ifAny: pool)
        if !archived { conditions.require("archived_at IS NULL") }
        if let key { conditions.require("pool_id, id", ">", all: [key.poolID, key.id]) }
        let count = conditions.number(limit + 1)
        let rows = try await rows(
            "SELECT * FROM launch_configs WHERE \(conditions.text) ORDER BY pool_id, id LIMIT \(count)",
            conditions.values)
        return Page(try rows.map(LaunchConfig.init(row:)), limit: limit) {
            LaunchConfigKey(poolID: $0.poolID, id: $0.id)
        }
    }
}

extension WriteTransaction {
    /// Writes whether a launch config is paused, and nothing else of it: its place in the definition stays.
    public func save(_ pause: Pause?, of id: LaunchConfigID, in pool: PoolID) async throws {
        try await run(
            """
            UPDATE launch_configs SET paused = $3, paused_until = $4, pause_reason = $5
            WHERE pool_id = $1 AND id = $2
            """, pool, id, pause != nil, pause?.until, pause?.reason ?? "")
        signal(.pool(pool))
    }
}
