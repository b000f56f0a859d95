import MusterCore

/// Reads operations of a scope, the newest first.
struct GoogleOperations: Sendable {
    let api: GoogleAPI

    /// Those of some calls, by request id.
    ///
    /// A few are asked for by name; many are found among all that were made since the oldest of them, which costs a
    /// page for each five hundred.
    func operations(
        in scope: GoogleScope, withRequestIDs ids: [String], since oldest: Timestamp
    ) async throws(GoogleFailure) -> [String: GoogleOperation] {
        let wanted = Set(ids)
        let found = try await read(
            scope, GoogleFilter.any(ids.map { (name: "clientOperationId", value: $0) }), since: oldest)
        var operations: [String: GoogleOperation] = [:]
        for operation in found {
            guard let id = operation.clientOperationId, wanted.contains(id), operations[id] == nil else {
                continue
            }
            operations[id] = operation
        }
        return operations
    }

    /// The insertions that bulk insertions are made of, by the groups they share.
    func parts(
        of groups: [String], inZone zone: String, since oldest: Timestamp
    ) async throws(GoogleFailure) -> [String: [GoogleOperation]] {
        let wanted = Set(groups)
        let found = try await read(
            .zone(zone), GoogleFilter.any(groups.map { (name: "operationGroupId", value: $0) }),
            since: oldest,
            pageTime: GooglePolicy.partTime)
        let parts = found.filter {
            $0.operationType != "bulkInsert" && $0.operationGroupId.map(wanted.contains) ?? false
        }
        return Dictionary(grouping: parts) { $0.operationGroupId ?? "" }
    }

    /// By a filter all that fit it; without one all since a moment.
    private func read(
        _ scope: GoogleScope, _ filter: String?, since oldest: Timestamp,
        pageTime: Duration = GooglePolicy.callDeadline
    ) async throws(GoogleFailure) -> [GoogleOperation] {
        let begin = oldest - GooglePolicy.clockTolerance
        var query = [(name: "fields", value: GoogleOperationPage.fields)]
        // Google takes a filter or an order, and not both.
        query.append(
            filter.map { (name: "filter", value: $0) }
                ?? (name: "orderBy", value: "creationTimestamp desc"))
        let pages = try await api.pages(
            api.compute("\(scope.path)/operations"), region: scope.region, query: query,
            of: GoogleOperationPage.self, pageTime: pageTime,
            until: { page in
                guard filter == nil, let last = page.items?.last?.insertTime.flatMap(GoogleTime.moment) else {
                    return false
                }
                return last < begin
            })
        return pages.flatMap { $0.items ?? [] }
    }
}
