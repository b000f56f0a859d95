public import MusterCore

extension ReadTransaction {
    /// A page of launches, newest first, before `id`.
    public func launches(
        of pool: PoolID?, state: Launch.State?, before id: LaunchID?, limit: Int
    ) async throws -> Page<Launch, LaunchID> {
        var conditions = Conditions()
        conditions.require("pool_id", ifAny: pool)
        conditions.require("state", ifAny: state?.rawValue)
        conditions.require("id", "<", ifAny: id)
        let count = conditions.number(limit + 1)
        // Their names begin with the time at which they were planned.
        let rows = try await rows(
            "SELECT * FROM launches WHERE \(conditions.text) ORDER BY id DESC LIMIT \(count)",
            conditions.values)
        return Page(try rows.map(Launch.init(row:)), limit: limit, \.id)
    }
}
