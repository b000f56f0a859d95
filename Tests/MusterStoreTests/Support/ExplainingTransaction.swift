import MusterStore

/// A transaction that passes questions on, and remembers how the engine goes about them.
final class ExplainingTransaction: ReadTransaction {
    private let transaction: any ReadTransaction
    /// The steps of all plans, one a line.
    private(set) var steps: [String] = []

    init(_ transaction: any ReadTransaction) { self.transaction = transaction }

    func rows(_ sql: String, _ values: [any SQLConvertible]) async throws -> [Row] {
        for row in try await transaction.rows("EXPLAIN QUERY PLAN " + sql, values) {
            steps.append(try row.text("detail"))
        }
        return try await transaction.rows(sql, values)
    }

    func rows(_ sql: String, forEach values: [[any SQLConvertible]]) async throws -> [[Row]] {
        var answers: [[Row]] = []
        for values in values { answers.append(try await rows(sql, values)) }
        return answers
    }
}
